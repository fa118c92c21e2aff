namespace Grid.Engine.Requests;

/// <summary>How tokens are drawn and when a request ends. Names and defaults are those of vLLM's <c>SamplingParams</c>.</summary>
public sealed record SamplingParams
{
    /// <summary>Choices a prompt.</summary>
    public int N { get; init; } = 1;

    /// <summary>0 (below 1e-5) is greedy; 0 to 2.</summary>
    public double Temperature { get; init; } = 1.0;

    /// <summary>Cumulative probability to keep, above 0 and up to 1.</summary>
    public double TopP { get; init; } = 1.0;

    /// <summary>Most likely tokens to keep; 0 or -1 keeps all.</summary>
    public int TopK { get; init; }

    /// <summary>Least probability relative to the most likely token, 0 to 1.</summary>
    public double MinP { get; init; }

    /// <summary>Subtracted once from the logit of each token that occurs in the output, -2 to 2.</summary>
    public double PresencePenalty { get; init; }

    /// <summary>Subtracted once for each time the token occurs in the output, -2 to 2.</summary>
    public double FrequencyPenalty { get; init; }

    /// <summary>Divides positive and multiplies negative logits of tokens in prompt or output; above 0, 1 is neutral.</summary>
    public double RepetitionPenalty { get; init; } = 1.0;

    /// <summary>Added to the logits of these ids, each -100 to 100; null: none.</summary>
    public IReadOnlyDictionary<int, float>? LogitBias { get; init; }

    /// <summary>Only these ids may be drawn; null: all.</summary>
    public IReadOnlyList<int>? AllowedTokenIds { get; init; }

    /// <summary>Texts whose token sequences may not appear.</summary>
    public IReadOnlyList<string> BadWords { get; init; } = [];

    /// <summary>Seed of the counter-based random numbers; null: one is drawn when the request is accepted.</summary>
    public long? Seed { get; init; }

    /// <summary>Texts that end the output; up to 16 over HTTP.</summary>
    public IReadOnlyList<string> Stop { get; init; } = [];

    /// <summary>Ids that end the output, EOS aside.</summary>
    public IReadOnlyList<int> StopTokenIds { get; init; } = [];

    /// <summary>Whether the stop text stays in the output.</summary>
    public bool IncludeStopStrInOutput { get; init; }

    /// <summary>Whether EOS is an ordinary token.</summary>
    public bool IgnoreEos { get; init; }

    /// <summary>Tokens before EOS and stop ids may be drawn.</summary>
    public int MinTokens { get; init; }

    /// <summary>Most output tokens; null: the rest of the context.</summary>
    public int? MaxTokens { get; init; } = 16;

    /// <summary>Most likely tokens to report at each position beside the drawn one; null: no logprobs.</summary>
    public int? Logprobs { get; init; }

    /// <summary>The same for the prompt's tokens; null: none.</summary>
    public int? PromptLogprobs { get; init; }

    /// <summary>Whether special tokens are left out of the text.</summary>
    public bool SkipSpecialTokens { get; init; } = true;

    /// <summary>Whether special tokens in the text are set off by spaces; kept for vLLM's clients.</summary>
    public bool SpacesBetweenSpecialTokens { get; init; } = true;

    /// <summary>Whether text is made at all; without it stop texts are refused.</summary>
    public bool Detokenize { get; init; } = true;
}
