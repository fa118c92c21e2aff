using Grid.Abstractions.Grains;
using Grid.Abstractions.Replicas;
using Grid.Grains.Store;

namespace Grid.Grains.Shards;

/// <summary>Finds the grain of a shard.</summary>
internal static class ShardGrains
{
    /// <summary>The grain, on the node of its plan, that a directive is meant for.</summary>
    public static IShardGrain GetShard(this IGrainFactory grains, ShardDirective directive)
    {
        var key = GrainKeys.Shard(directive.Plan, directive.Plan.Shards.First(shard => shard.Shard == directive.Shard));
        return directive.Shard.IsExpert ? grains.GetGrain<IExpertShardGrain>(key) : grains.GetGrain<IShardGrain>(key);
    }
}
