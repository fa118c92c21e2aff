using Grid.Abstractions.Replicas;
using Grid.Grains.Records;

namespace Grid.Silo.Directives;

/// <summary>What a ShardHost is to do now with one shard at one epoch and generation.</summary>
/// <param name="Kind">What is to be done.</param>
/// <param name="Plan">The plan, under its epoch; with <see cref="ShardIntentKind.Update"/> the newer one.</param>
/// <param name="Shard">The shard within its replica, such as dp0/pp0/tp0 or ep3.</param>
/// <param name="HandOverAt">When streams that still run are handed over; null for never.</param>
/// <param name="Generation">The generation of the shard's placement, which a newer plan may have given to another node.</param>
internal sealed record ShardIntent(ShardIntentKind Kind, ReplicaPlan Plan, ShardId Shard, DateTimeOffset? HandOverAt, int Generation = 0)
{
    /// <summary>Which placing it works on.</summary>
    public ShardVersion Version => new(Plan.Epoch, Generation);
}
