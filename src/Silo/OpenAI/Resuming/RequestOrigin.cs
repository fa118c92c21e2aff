namespace Grid.Silo.OpenAI.Resuming;

/// <summary>What a generation request brings beside its body.</summary>
/// <param name="RequestId">Becomes part of the answer's id.</param>
internal sealed record RequestOrigin(string RequestId)
{
    /// <summary>
    /// The number of the gateway's attempt, which is answered with an event stream that can be resumed; null for an ordinary client.
    /// </summary>
    public int? Attempt { get; init; }

    /// <summary>The seed where the body has none.</summary>
    public long? Seed { get; init; }

    /// <summary>The answer's <c>created</c>; null for now.</summary>
    public long? Created { get; init; }

    /// <summary>The epoch that is asked for; null if none is given.</summary>
    public long? Epoch { get; init; }

    /// <summary>Only requests of the same value share cached prefixes, beside the body's cache_salt; null where all do.</summary>
    public string? CacheSalt { get; init; }

    /// <summary>Where the choices continue; null for the beginning.</summary>
    public IReadOnlyList<ResumedChoice>? Choices { get; init; }
}
