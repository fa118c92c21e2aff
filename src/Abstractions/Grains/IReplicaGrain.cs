using Grid.Abstractions.Replicas;

namespace Grid.Abstractions.Grains;

/// <summary>
/// One replica, keyed <c>MODEL/r0</c>. It owns the replica's lifecycle: which shard has taken what, and which is tried again when.
/// </summary>
[Alias("grid.IReplicaGrain")]
public interface IReplicaGrain : IGrainWithStringKey
{
    /// <summary>Passes a directive on to the shards that have not taken it yet; older sequences change nothing.</summary>
    [Alias("Apply")]
    Task<ReplicaStatus> Apply(ReplicaDirective directive);
}
