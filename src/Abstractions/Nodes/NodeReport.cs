using Grid.Abstractions.Replicas;

namespace Grid.Abstractions.Nodes;

/// <summary>What a silo reports to the grid each second and at each change: everything, so that a lost report costs nothing.</summary>
/// <param name="Name">The name of the node.</param>
/// <param name="Incarnation">The incarnation of the process; each start has another.</param>
/// <param name="Sequence">A number that rises; older reports are dropped.</param>
/// <param name="SiloAddress">Orleans' address of the silo, for explicit placement.</param>
/// <param name="Facts">What does not change after the start.</param>
/// <param name="Leaving">Whether it was asked to stop and has to be drained.</param>
/// <param name="LeaveBy">If it is leaving, when it hands over what is left and stops.</param>
/// <param name="Shards">All that its ShardHost holds.</param>
/// <param name="Ranks">All ranks whose first shard is here.</param>
/// <param name="Files">The sources that it was asked to inspect.</param>
/// <param name="Plans">The plans of the shards that it holds; a grid that lost its store recovers them from here.</param>
/// <param name="MaxEpoch">The highest epoch that it has ever been given.</param>
/// <param name="Lost">Expert shards on other nodes that its ranks cannot reach; null if there are none.</param>
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
