using Grid.Abstractions.Nodes;
using Grid.Abstractions.Replicas;

namespace Grid.Grains.Shards;

/// <summary>What the grains know of the part of a node that holds weights. No call waits for a device.</summary>
public interface IShardHost
{
    /// <summary>Records what is desired of a shard; progress comes with reports. Repeated and older directives change nothing.</summary>
    /// <returns>What the node holds of it now; null if it holds nothing, and no older directive can bring it back.</returns>
    ShardStatus? Apply(ShardDirective directive);

    /// <summary>A rank's load; null where it is not held.</summary>
    RankStatus? FindRank(RankId rank, long epoch);

    /// <summary>Keeps room of a rank free for streams that other ranks hand over: its load report says so to gateways.</summary>
    /// <param name="epoch">Epoch of its plan.</param>
    /// <param name="leaving">The rank that hands its streams over; what it asked for before is replaced.</param>
    /// <param name="streams">The number of its streams; 0 gives the room back.</param>
    /// <param name="until">The time of the hand-over, after which the room is free again.</param>
    /// <returns>The number of streams that there is room for.</returns>
    int ReserveRoom(RankId rank, long epoch, RankId leaving, int streams, DateTimeOffset until);

    /// <summary>The node's state now.</summary>
    NodeReport GetReport();

    /// <summary>Measures the data plane to another node; a fault is part of the answer.</summary>
    /// <param name="endPoint">HOST:PORT of the other node's data plane; null to measure between this node's devices.</param>
    Task<LinkSpeed> ProbeAsync(string? endPoint);
}
