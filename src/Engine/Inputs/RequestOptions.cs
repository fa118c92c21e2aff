namespace Grid.Engine.Inputs;

/// <summary>What a request carries beside its prompt and sampling parameters.</summary>
public sealed record RequestOptions
{
    /// <summary>Lower runs first under the priority policy.</summary>
    public int Priority { get; init; }

    /// <summary>Only requests of the same salt share a cached prefix; null: shared with all that have none.</summary>
    public string? CacheSalt { get; init; }

    /// <summary>
    /// <c>max_tokens</c> where the request has none. Unlike the request's own it is cut to the room in the context; null: all of that room.
    /// </summary>
    public int? DefaultMaxTokens { get; init; }

    /// <summary>Stop texts a request may have: 16 over HTTP, any number offline.</summary>
    public int MaxStops { get; init; } = int.MaxValue;

    /// <summary>What the API calls <c>SamplingParams.Logprobs</c>, for messages: chat says <c>top_logprobs</c>.</summary>
    public string LogprobsField { get; init; } = "logprobs";

    /// <summary>For each choice the output ids that another engine already drew; null: none.</summary>
    public IReadOnlyList<int[]>? ReplayedTokenIds { get; init; }
}
