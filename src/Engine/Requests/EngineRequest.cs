namespace Grid.Engine.Requests;

/// <summary>One choice of one prompt, validated and complete: the seed is drawn, <c>MaxTokens</c> is a number.</summary>
public sealed record EngineRequest
{
    /// <summary>Unique in the engine.</summary>
    public required string Id { get; init; }

    /// <summary>At least one id.</summary>
    public required int[] PromptTokenIds { get; init; }

    /// <summary>With <c>Seed</c> and <c>MaxTokens</c> set.</summary>
    public required SamplingParams Sampling { get; init; }

    /// <summary>Index of the choice within its prompt: part of the random counter (docs/reference/interfaces.md section 7).</summary>
    public int Choice { get; init; }

    /// <summary>Lower runs first under the priority policy.</summary>
    public int Priority { get; init; }

    /// <summary>Goes into the block hashes: only requests of the same salt share a prefix.</summary>
    public string? CacheSalt { get; init; }

    /// <summary>Ids that end the output with <see cref="FinishReason.Stop"/> unless <c>IgnoreEos</c>.</summary>
    public IReadOnlyList<int> EosTokenIds { get; init; } = [];

    /// <summary>Token sequences of <c>bad_words</c>: the last id of each may not follow the others.</summary>
    public IReadOnlyList<int[]> BadWordsTokenIds { get; init; } = [];

    /// <summary>Output ids that another engine already drew; they count as output and are not reported again.</summary>
    public int[] ReplayedTokenIds { get; init; } = [];
}
