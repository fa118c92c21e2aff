namespace Grid.Abstractions.Replicas;

/// <summary>The sizes of a replica: its ranks, the stages of each, the tensor shards of each stage, and its expert shards.</summary>
/// <param name="Tensor">The tensor parallel size: the number of shards of each layer.</param>
/// <param name="Pipeline">The pipeline parallel size: the number of stages.</param>
/// <param name="Data">The data parallel size: the number of ranks of the replica.</param>
/// <param name="Expert">Expert parallel size; 0 if experts are sliced over the tensor shards.</param>
[GenerateSerializer(IncludePrimaryConstructorParameters = false), Alias("grid.ReplicaLayout"), Immutable]
public sealed record ReplicaLayout(
    [property: Id(0)] int Tensor = 1,
    [property: Id(1)] int Pipeline = 1,
    [property: Id(2)] int Data = 1,
    [property: Id(3)] int Expert = 0);
