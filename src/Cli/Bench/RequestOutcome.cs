namespace Grid.Cli.Bench;

/// <summary>What one request of a benchmark measured, in seconds.</summary>
internal sealed record RequestOutcome
{
    /// <summary>Null where it succeeded.</summary>
    public string? Error { get; init; }

    public int PromptTokens { get; init; }

    public int OutputTokens { get; init; }

    /// <summary>From sending to the first token.</summary>
    public double TimeToFirstToken { get; init; }

    /// <summary>From sending to the end.</summary>
    public double Latency { get; init; }

    /// <summary>Gaps between the chunks after the first.</summary>
    public IReadOnlyList<double> InterTokenLatencies { get; init; } = [];

    public string Text { get; init; } = "";

    public bool Succeeded => Error is null;

    /// <summary>Time per output token without the first: (latency - TTFT) / (tokens - 1); 0 below two tokens.</summary>
    public double TimePerOutputToken => OutputTokens > 1 ? (Latency - TimeToFirstToken) / (OutputTokens - 1) : 0;
}
