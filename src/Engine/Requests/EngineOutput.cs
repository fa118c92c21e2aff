namespace Grid.Engine.Requests;

/// <summary>What one step gave one request.</summary>
public readonly record struct EngineOutput
{
    /// <summary>The drawn id, or -1 where this output carries only the end.</summary>
    public int TokenId { get; init; }

    /// <summary>Logprobs of the position, where asked for.</summary>
    public TokenLogprobs? Logprobs { get; init; }

    /// <summary>On the first output, where asked for: one entry a prompt token, the first of them null.</summary>
    public IReadOnlyList<TokenLogprobs?>? PromptLogprobs { get; init; }

    /// <summary>Prompt tokens found in the prefix cache when the request was first scheduled.</summary>
    public int CachedTokens { get; init; }

    /// <summary>Set on the last output.</summary>
    public FinishReason? FinishReason { get; init; }

    /// <summary>The id of <c>stop_token_ids</c> that ended the request; null for EOS, as vLLM reports it.</summary>
    public int? StopTokenId { get; init; }

    /// <summary>What failed, with <see cref="FinishReason.Error"/>.</summary>
    public string? Error { get; init; }
}
