using Grid.Abstractions.Replicas;
using Orleans.Concurrency;

namespace Grid.Abstractions.Grains;

/// <summary>One data-parallel attention rank at one epoch, keyed <c>smollm2/r0@7/dp0@node-a</c>, on the silo of its first shard.</summary>
[Alias("grid.IAttentionRankGrain")]
public interface IAttentionRankGrain : IGrainWithStringKey
{
    /// <summary>Its load now; null where the silo does not hold it.</summary>
    [Alias("GetStatus"), AlwaysInterleave]
    Task<RankStatus?> GetStatus();

    /// <summary>Takes no new request from now on; streams that still run at the deadline are handed over.</summary>
    [Alias("Drain")]
    Task Drain(DateTimeOffset? handOverAt);
}
