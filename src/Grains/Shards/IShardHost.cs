using Grid.Abstractions.Admin;
using Grid.Abstractions.Nodes;
using Grid.Abstractions.Replicas;

namespace Grid.Grains.Shards;

/// <summary>All that the grains know of what holds weights on their node. No call waits for a device.</summary>
public interface IShardHost
{
    /// <summary>Records what is wanted of a shard; progress comes with reports. Repeated and older directives change nothing.</summary>
    /// <returns>What the node holds of it now; null: nothing, and no older directive can bring it back.</returns>
    ShardStatus? Apply(ShardDirective directive);

    /// <summary>A rank takes no new request from now on.</summary>
    /// <param name="replica">smollm2/r0.</param>
    /// <param name="epoch">Of its plan.</param>
    /// <param name="rank">N of dpN.</param>
    /// <param name="handOverAt">When streams that still run are handed over; null: never.</param>
    void Drain(ReplicaId replica, long epoch, int rank, DateTimeOffset? handOverAt);

    /// <summary>A rank's load; null where it is not held.</summary>
    RankStatus? FindRank(ReplicaId replica, long epoch, int rank);

    /// <summary>The node's state now.</summary>
    NodeReport GetReport();

    /// <summary>Measures the data plane to another node; a fault is told in the answer.</summary>
    /// <param name="endPoint">HOST:PORT of the other's data plane; null: between this node's devices.</param>
    Task<LinkSpeed> ProbeAsync(string? endPoint);
}
