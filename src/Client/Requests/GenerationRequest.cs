namespace Grid.Client.Requests;

/// <summary>What chat and completions have in common: sampling, by the API's names. Null leaves the server's default.</summary>
public abstract record GenerationRequest
{
    /// <summary>A served model's name.</summary>
    public required string Model { get; init; }

    /// <summary>Most output tokens.</summary>
    public int? MaxTokens { get; init; }

    /// <summary>Least output tokens.</summary>
    public int? MinTokens { get; init; }

    /// <summary>0 is greedy.</summary>
    public double? Temperature { get; init; }

    /// <summary>Cumulative probability to keep.</summary>
    public double? TopP { get; init; }

    /// <summary>Most likely tokens to keep.</summary>
    public int? TopK { get; init; }

    /// <summary>Minimum probability relative to the most likely token.</summary>
    public double? MinP { get; init; }

    /// <summary>The penalty for tokens that are already in the output.</summary>
    public double? PresencePenalty { get; init; }

    /// <summary>The penalty for each time that a token occurs in the output.</summary>
    public double? FrequencyPenalty { get; init; }

    /// <summary>Divides the positive logits of tokens already in prompt or output.</summary>
    public double? RepetitionPenalty { get; init; }

    /// <summary>Makes sampling repeatable.</summary>
    public long? Seed { get; init; }

    /// <summary>Texts that end the output.</summary>
    public IReadOnlyList<string>? Stop { get; init; }

    /// <summary>Whether EOS is an ordinary token.</summary>
    public bool? IgnoreEos { get; init; }

    /// <summary>Choices a prompt.</summary>
    public int? N { get; init; }

    /// <summary>Set by the client: whether the answer is an event stream.</summary>
    public bool? Stream { get; init; }

    /// <summary>Set by the client: what the stream carries beside the text.</summary>
    public StreamOptions? StreamOptions { get; init; }
}
