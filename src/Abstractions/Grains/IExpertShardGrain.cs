using Grid.Abstractions.Replicas;
using Orleans.Concurrency;

namespace Grid.Abstractions.Grains;

/// <summary>
/// One expert shard at one epoch on one node, keyed <c>MODEL/r0@7/ep3@node-a</c>. It owns the shard's incarnation there: which copy is the
/// newest, and which older ones are still being unloaded.
/// </summary>
[Alias("grid.IExpertShardGrain")]
public interface IExpertShardGrain : IShardGrain
{
    /// <summary>The copies of the shard that the node holds, the newest and those that it is unloading.</summary>
    [Alias("GetCopies"), AlwaysInterleave]
    Task<ShardStatus[]> GetCopies();
}
