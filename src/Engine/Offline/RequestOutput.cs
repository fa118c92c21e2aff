namespace Grid.Engine.Offline;

/// <summary>What one prompt gave, with the fields of vLLM's <c>RequestOutput</c>.</summary>
public sealed record RequestOutput
{
    /// <summary>Number of the prompt since the model was loaded.</summary>
    public required string RequestId { get; init; }

    /// <summary>The prompt's text; null where ids were given.</summary>
    public required string? Prompt { get; init; }

    /// <summary>The prompt's ids, special tokens included.</summary>
    public required IReadOnlyList<int> PromptTokenIds { get; init; }

    /// <summary>
    /// For each prompt id its own logprob and those of the most likely ids, null for the first; null where none were asked for.
    /// </summary>
    public IReadOnlyList<IReadOnlyDictionary<int, Logprob>?>? PromptLogprobs { get; init; }

    /// <summary>The choices, in order.</summary>
    public required IReadOnlyList<CompletionOutput> Outputs { get; init; }

    /// <summary>Whether every choice has ended; always so offline.</summary>
    public bool Finished { get; init; } = true;

    /// <summary>Prompt tokens whose keys and values were found in the prefix cache.</summary>
    public int NumCachedTokens { get; init; }
}
