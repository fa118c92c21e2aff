namespace Grid.Abstractions.Replicas;

/// <summary>Sizes of a replica: D ranks of P stages of T shards, and E expert shards.</summary>
/// <param name="Tensor">T.</param>
/// <param name="Pipeline">P.</param>
/// <param name="Data">D.</param>
/// <param name="Expert">E; 0: experts are sliced over T.</param>
[GenerateSerializer(IncludePrimaryConstructorParameters = false), Alias("grid.ReplicaLayout"), Immutable]
public sealed record ReplicaLayout(
    [property: Id(0)] int Tensor = 1,
    [property: Id(1)] int Pipeline = 1,
    [property: Id(2)] int Data = 1,
    [property: Id(3)] int Expert = 0);
