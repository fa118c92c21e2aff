namespace Grid.Abstractions.Replicas;

/// <summary>An expert shard that does not answer one of its ranks: its link broke and could not be made again.</summary>
/// <param name="Replica">smollm2/r0.</param>
/// <param name="Epoch">Of its plan.</param>
/// <param name="Shard">ep3.</param>
/// <param name="Generation">Of the place that does not answer; a loss of an older one says nothing.</param>
/// <param name="Message">Why, for people.</param>
[GenerateSerializer(IncludePrimaryConstructorParameters = false), Alias("grid.ShardLoss"), Immutable]
public sealed record ShardLoss(
    [property: Id(0)] ReplicaId Replica,
    [property: Id(1)] long Epoch,
    [property: Id(2)] ExpertShardId Shard,
    [property: Id(3)] int Generation,
    [property: Id(4)] string Message);
