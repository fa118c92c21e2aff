namespace Grid.Engine.Simulation;

/// <summary>Size and speed of a simulated model (<c>sim:</c> in grid.yaml).</summary>
public sealed record SimOptions
{
    /// <summary>Bytes of weights, for placement and load progress.</summary>
    public long WeightsBytes { get; init; } = 2L << 30;

    /// <summary>Time that loading takes.</summary>
    public TimeSpan Load { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Prompt tokens a second; infinity: prompts take no time.</summary>
    public double PrefillTokensPerSecond { get; init; } = 8000;

    /// <summary>Time of any step.</summary>
    public TimeSpan Step { get; init; } = TimeSpan.FromMilliseconds(6);

    /// <summary>Time that each decoding sequence adds to a step.</summary>
    public TimeSpan StepPerSequence { get; init; } = TimeSpan.FromMilliseconds(0.35);

    /// <summary>Tokens that the KV cache holds.</summary>
    public long KVTokens { get; init; } = 524_288;

    /// <summary>Tokens of prompt and output together, at most.</summary>
    public int MaxModelLen { get; init; } = 8192;

    /// <summary>Logits a token has, above 256.</summary>
    public int Vocab { get; init; } = 32_000;

    /// <summary>No time for anything: for tests.</summary>
    public static SimOptions Instant { get; } =
        new()
        {
            Load = TimeSpan.Zero, PrefillTokensPerSecond = double.PositiveInfinity, Step = TimeSpan.Zero,
            StepPerSequence = TimeSpan.Zero
        };
}
