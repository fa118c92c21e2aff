using Grid.Abstractions.Replicas;

namespace Grid.Abstractions.Grains;

/// <summary>One replica, keyed <c>smollm2/r0</c>: carries out its plan at its epoch.</summary>
[Alias("grid.IReplicaGrain")]
public interface IReplicaGrain : IGrainWithStringKey
{
    /// <summary>Takes a directive on towards its shards and tells how far they are; older epochs and sequences change nothing.</summary>
    [Alias("Apply")]
    Task<ReplicaStatus> Apply(ReplicaDirective directive);
}
