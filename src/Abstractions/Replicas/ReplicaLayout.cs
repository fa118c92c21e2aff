namespace Grid.Abstractions.Replicas;

/// <summary>Sizes of a replica: D ranks of P stages of T shards, and E expert shards.</summary>
/// <param name="Tensor">T.</param>
/// <param name="Pipeline">P.</param>
/// <param name="Data">D.</param>
/// <param name="Expert">E; 0: experts are sliced over T.</param>
[GenerateSerializer, Immutable]
public sealed record ReplicaLayout(
    int Tensor = 1,
    int Pipeline = 1,
    int Data = 1,
    int Expert = 0);
