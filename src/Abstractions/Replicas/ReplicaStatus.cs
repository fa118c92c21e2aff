namespace Grid.Abstractions.Replicas;

/// <summary>Replica to grid: how far its directive is carried out. Whether shards are loaded is in the reports of their nodes.</summary>
/// <param name="Sequence">Sequence of the directive that is carried out.</param>
/// <param name="Pending">The number of shards that have not taken that directive yet.</param>
/// <param name="Stopped">Shards that were to stop and that their nodes do not hold any more: no older directive can bring them
/// back.</param>
/// <param name="Reason">Why shards are pending, as a word for programs; null: no attempt has failed.</param>
/// <param name="Message">Why shards are pending, as a sentence for people.</param>
[GenerateSerializer(IncludePrimaryConstructorParameters = false), Alias("grid.ReplicaStatus"), Immutable]
public sealed record ReplicaStatus(
    [property: Id(0)] ReplicaId Replica,
    [property: Id(1)] long Sequence,
    [property: Id(2)] int Pending,
    [property: Id(3)] ShardInstance[] Stopped,
    [property: Id(4)] string? Reason = null,
    [property: Id(5)] string? Message = null);
