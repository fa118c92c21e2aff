using Grid.Abstractions.Grains;
using Grid.Abstractions.Replicas;

namespace Grid.Grains.Shards;

/// <summary>Finds the grain of a shard.</summary>
internal static class ShardGrains
{
    /// <summary>
    /// The grain, on the node of its plan, that a directive is meant for: a rank's first shard is driven through the rank.
    /// </summary>
    public static IShardGrain GetShard(this IGrainFactory grains, ShardDirective directive)
    {
        var (plan, place) = (directive.Plan, directive.Plan.Shards.First(shard => shard.Shard == directive.Shard));
        if (directive.Shard.DrivenRank is { } rank)
            return grains.GetGrain<IAttentionRankGrain>(GrainKeys.Rank(plan.Id.Rank(rank), plan.Epoch, place.Node));
        var key = GrainKeys.Shard(plan, place);
        return directive.Shard.IsExpert ? grains.GetGrain<IExpertShardGrain>(key) : grains.GetGrain<IShardGrain>(key);
    }
}
