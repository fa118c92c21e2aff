using Grid.Abstractions.Replicas;

namespace Grid.Abstractions.Nodes;

/// <summary>What a silo tells the grid each second and at each change: everything, so that a lost report costs nothing.</summary>
/// <param name="Name">The node.</param>
/// <param name="Incarnation">New at each start of the process.</param>
/// <param name="Sequence">Rises; older reports are dropped.</param>
/// <param name="SiloAddress">Orleans' address of the silo, for explicit placement.</param>
/// <param name="Facts">Fixed at start.</param>
/// <param name="Leaving">It was told to stop and wants to be emptied.</param>
/// <param name="LeaveBy">With Leaving: when it hands over what is left and goes.</param>
/// <param name="Shards">All that its ShardHost holds.</param>
/// <param name="Ranks">All ranks whose first shard is here.</param>
/// <param name="Files">Sources that it was asked to look at.</param>
/// <param name="Plans">Of the shards that it holds: a grid that lost its store takes them over.</param>
/// <param name="MaxEpoch">The highest epoch that it was ever told.</param>
/// <param name="Lost">Expert shards elsewhere that its ranks cannot reach; null: none.</param>
[GenerateSerializer(IncludePrimaryConstructorParameters = false), Alias("grid.NodeReport"), Immutable]
public sealed record NodeReport(
    [property: Id(0)] string Name,
    [property: Id(1)] string Incarnation,
    [property: Id(2)] long Sequence,
    [property: Id(3)] string SiloAddress,
    [property: Id(4)] NodeFacts Facts,
    [property: Id(5)] bool Leaving,
    [property: Id(6)] DateTimeOffset? LeaveBy,
    [property: Id(7)] ShardStatus[] Shards,
    [property: Id(8)] RankStatus[] Ranks,
    [property: Id(9)] ModelFiles[] Files,
    [property: Id(10)] ReplicaPlan[] Plans,
    [property: Id(11)] long MaxEpoch,
    [property: Id(12)] ShardLoss[]? Lost = null);
