namespace Grid.Abstractions.Replicas;

/// <summary>An expert shard that does not answer one of its ranks: its link broke and could not be made again.</summary>
/// <param name="Epoch">The epoch of its plan.</param>
/// <param name="Generation">The generation of the placement that does not answer; a loss of an older one is ignored.</param>
/// <param name="Message">Why it does not answer, for people.</param>
[GenerateSerializer(IncludePrimaryConstructorParameters = false), Alias("grid.ShardLoss"), Immutable]
public sealed record ShardLoss(
    [property: Id(0)] ReplicaId Replica,
    [property: Id(1)] long Epoch,
    [property: Id(2)] ExpertShardId Shard,
    [property: Id(3)] int Generation,
    [property: Id(4)] string Message);
