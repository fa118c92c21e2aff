using Grid.Abstractions.Replicas;
using Orleans.Concurrency;

namespace Grid.Abstractions.Grains;

/// <summary>
/// One data-parallel attention rank at one epoch, keyed <c>MODEL/r0@7/dp0@node-a</c>, on the silo of its first shard. It owns the rank's
/// admission and drain, its load, and the room that is reserved for streams handed over by ranks that leave.
/// </summary>
[Alias("grid.IAttentionRankGrain")]
public interface IAttentionRankGrain : IShardGrain
{
    /// <summary>The rank's load now; null where the silo does not hold it.</summary>
    [Alias("GetStatus"), AlwaysInterleave]
    Task<RankStatus?> GetStatus();

    /// <summary>
    /// Reserves room for streams that another rank is about to hand over: gateways send fewer new requests here until then.
    /// </summary>
    /// <param name="leaving">The rank that hands them over; repeating its reservation replaces it.</param>
    /// <param name="streams">The number of streams; 0 gives the room back.</param>
    /// <param name="until">The hand-over: from then on the room is free for what is handed over.</param>
    /// <returns>The number of streams that there is room for.</returns>
    [Alias("Reserve"), AlwaysInterleave]
    Task<int> Reserve(RankId leaving, int streams, DateTimeOffset until);
}
