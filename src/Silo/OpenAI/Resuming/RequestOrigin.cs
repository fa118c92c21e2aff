namespace Grid.Silo.OpenAI.Resuming;

/// <summary>What a generation request brings beside its body.</summary>
/// <param name="RequestId">Becomes part of the answer's id.</param>
internal sealed record RequestOrigin(string RequestId)
{
    /// <summary>Number of the gateway's attempt: the answer is the event stream that can be resumed. Null: an ordinary client.</summary>
    public int? Attempt { get; init; }

    /// <summary>The seed where the body has none.</summary>
    public long? Seed { get; init; }

    /// <summary><c>created</c> of the answer; null: now.</summary>
    public long? Created { get; init; }

    /// <summary>The epoch that is asked for; null: not said.</summary>
    public long? Epoch { get; init; }

    /// <summary>Where the choices are to go on; null: at the beginning.</summary>
    public IReadOnlyList<ResumedChoice>? Choices { get; init; }
}
