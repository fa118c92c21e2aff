using Grid.Abstractions.Replicas;

namespace Grid.Grains.Records;

/// <summary>A plan and what is desired of it.</summary>
/// <param name="Plan">The plan, under its epoch.</param>
/// <param name="Target">What is desired of it.</param>
/// <param name="HandOverAt">With Drain and Stop.</param>
/// <param name="Sequence">A number that rises with each change of what is desired.</param>
/// <param name="Abandoned">Whether it lost a shard or failed: the replica is placed again under a higher epoch, and the grid itself stops
/// the shards that
/// are left here.</param>
/// <param name="Generation">The highest that was given to a place under this epoch; only ever rises.</param>
/// <param name="Served">Whether it was ready and its shards may change: shards that are placed again since do not take it out of
/// service.</param>
/// <param name="LeaveBy">When the streams of ranks that are being removed are handed over.</param>
/// <param name="Next">The places where expert shards are being loaded before they leave their present ones; null if there are none.</param>
[GenerateSerializer(IncludePrimaryConstructorParameters = false), Alias("grid.PlanRecord"), Immutable]
internal sealed record PlanRecord(
    [property: Id(0)] ReplicaPlan Plan,
    [property: Id(1)] ReplicaTarget Target,
    [property: Id(2)] DateTimeOffset? HandOverAt,
    [property: Id(3)] long Sequence,
    [property: Id(4)] bool Abandoned,
    [property: Id(5)] int Generation = 0,
    [property: Id(6)] bool Served = false,
    [property: Id(7)] DateTimeOffset? LeaveBy = null,
    [property: Id(8)] ShardPlan[]? Next = null)
{
    /// <summary>All places that are promised to it.</summary>
    public IEnumerable<ShardPlan> Places() => Next is null ? Plan.Shards : Plan.Shards.Concat(Next);
}
