namespace Grid.Abstractions.Configuration;

/// <summary>models[].sim in grid.yaml; defaults as docs/reference/interfaces.md section 4 shows them.</summary>
/// <param name="WeightsBytes">Reserved on the device.</param>
/// <param name="LoadSeconds">Time that loading takes.</param>
/// <param name="PrefillTokensPerSecond">Prompt tokens a second.</param>
/// <param name="StepMilliseconds">Time of any step.</param>
/// <param name="StepPerSequenceMilliseconds">Time that each decoding sequence adds.</param>
/// <param name="KVTokens">Tokens that the KV cache holds.</param>
/// <param name="MaxModelLen">Tokens of prompt and output together.</param>
/// <param name="Vocab">Logits a token.</param>
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
