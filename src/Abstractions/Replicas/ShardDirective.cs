namespace Grid.Abstractions.Replicas;

/// <summary>Replica to shard, and so to the node's ShardHost.</summary>
/// <param name="Plan">The plan, under its epoch.</param>
/// <param name="Shard">The shard, such as dp0/pp0/tp0 or ep3.</param>
/// <param name="Target">What is desired of it.</param>
/// <param name="HandOverAt">When streams are handed over; null for never.</param>
/// <param name="Sequence">A number that rises; older directives are dropped.</param>
/// <param name="HandOverTo">Ranks that have room for the streams of a rank that is being drained; null if none is to reserve any.</param>
[GenerateSerializer(IncludePrimaryConstructorParameters = false), Alias("grid.ShardDirective"), Immutable]
public sealed record ShardDirective(
    [property: Id(0)] ReplicaPlan Plan,
    [property: Id(1)] ShardId Shard,
    [property: Id(2)] ReplicaTarget Target,
    [property: Id(3)] DateTimeOffset? HandOverAt,
    [property: Id(4)] long Sequence,
    [property: Id(5)] HandOverRank[]? HandOverTo = null);
