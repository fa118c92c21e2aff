namespace Grid.Abstractions.Configuration;

/// <summary>models[].autoscale in grid.yaml.</summary>
/// <param name="Min">Fewest replicas; 0 allows scale to zero.</param>
/// <param name="Max">Most replicas.</param>
/// <param name="QueuedTokens">Waiting tokens a replica, above which one is added.</param>
/// <param name="KVUsage">Share of the KV cache in use, 0 to 1, above which one is added.</param>
/// <param name="Ttft">Time to first token above which one is added; null: not looked at.</param>
/// <param name="UpWindow">A need must last so long to add.</param>
/// <param name="DownWindow">Spare room must last so long to remove.</param>
/// <param name="Idle">No request for so long: scale to zero.</param>
/// <param name="ActivationTimeout">How long a request may wait for a model at zero.</param>
[GenerateSerializer(IncludePrimaryConstructorParameters = false), Alias("grid.AutoscaleSpec"), Immutable]
public sealed record AutoscaleSpec(
    [property: Id(0)] int Min,
    [property: Id(1)] int Max,
    [property: Id(2)] long QueuedTokens,
    [property: Id(3)] double KVUsage,
    [property: Id(4)] TimeSpan? Ttft,
    [property: Id(5)] TimeSpan UpWindow,
    [property: Id(6)] TimeSpan DownWindow,
    [property: Id(7)] TimeSpan Idle,
    [property: Id(8)] TimeSpan ActivationTimeout);
