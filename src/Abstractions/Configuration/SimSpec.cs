namespace Grid.Abstractions.Configuration;

/// <summary>An entry models[].sim in grid.yaml, with the defaults of docs/reference/interfaces.md section 4.</summary>
/// <param name="WeightsBytes">The memory that weights take on the device.</param>
/// <param name="LoadSeconds">How long loading takes.</param>
/// <param name="PrefillTokensPerSecond">The number of prompt tokens computed per second.</param>
/// <param name="StepMilliseconds">How long any step takes.</param>
/// <param name="StepPerSequenceMilliseconds">The time that each decoding sequence adds to a step.</param>
/// <param name="KVTokens">The number of tokens that the KV cache holds.</param>
/// <param name="MaxModelLen">The maximum number of tokens of prompt and output together.</param>
/// <param name="Vocab">The number of logits per token.</param>
[GenerateSerializer(IncludePrimaryConstructorParameters = false), Alias("grid.SimSpec"), Immutable]
public sealed record SimSpec(
    [property: Id(0)] long WeightsBytes = 2L << 30,
    [property: Id(1)] double LoadSeconds = 2,
    [property: Id(2)] double PrefillTokensPerSecond = 8000,
    [property: Id(3)] double StepMilliseconds = 6,
    [property: Id(4)] double StepPerSequenceMilliseconds = 0.35,
    [property: Id(5)] long KVTokens = 524288,
    [property: Id(6)] int MaxModelLen = 8192,
    [property: Id(7)] int Vocab = 32000);
