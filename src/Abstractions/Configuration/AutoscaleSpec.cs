namespace Grid.Abstractions.Configuration;

/// <summary>An entry models[].autoscale in grid.yaml.</summary>
/// <param name="Min">The minimum number of replicas; 0 allows scaling to zero.</param>
/// <param name="Max">The maximum number of replicas.</param>
/// <param name="QueuedTokens">The number of waiting tokens per replica above which one is added.</param>
/// <param name="KVUsage">The share of the KV cache in use, from 0 to 1, above which a replica is added.</param>
/// <param name="Ttft">The time to first token above which a replica is added; null to ignore it.</param>
/// <param name="UpWindow">How long more replicas must be needed before one is added.</param>
/// <param name="DownWindow">How long fewer replicas must be enough before one is removed.</param>
/// <param name="Idle">The time without a request after which the model is scaled to zero.</param>
/// <param name="ActivationTimeout">How long a request may wait for a model that is scaled to zero.</param>
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
