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
[GenerateSerializer, Immutable]
public sealed record AutoscaleSpec(
    int Min,
    int Max,
    long QueuedTokens,
    double KVUsage,
    TimeSpan? Ttft,
    TimeSpan UpWindow,
    TimeSpan DownWindow,
    TimeSpan Idle,
    TimeSpan ActivationTimeout);
