using Grid.Abstractions.Replicas;
using Grid.Engine.Planning;
using Grid.Primitives.Units;

namespace Grid.Grains.Placement;

/// <summary>Turns the planner's decision into places.</summary>
internal static class PlannedPlacement
{
    /// <summary>
    /// Returns places on the plan's devices, with expert shards beside the ranks and as much KV cache as is desired and fits.
    /// </summary>
    /// <param name="plan">A plan that fits.</param>
    /// <param name="search">The free memory of the nodes.</param>
    /// <param name="asked">Whether the layout was asked for, and so needs no reasons.</param>
    public static PlacementResult Of(ParallelPlan plan, ModelSize model, PlacementSearch search, bool asked)
    {
        var sizes = plan.Layout;
        var layout = new ReplicaLayout(sizes.Tensor, sizes.Pipeline, sizes.Data, sizes.Expert);
        var layers = sizes.Pipeline > 1 ? plan.PipelineLayers.ToArray() : null;
        var perBlock = ShardMemory.Of(model.Profile!, sizes, layers, model.Options).Max(shard => shard.BytesPerBlock);
        var blocks = Math.Min(CacheDemand.Default(model.Options, model.MaxModelLen, perBlock), plan.Shards.Min(shard => shard.NumBlocks));
        var shape = ReplicaShape.Of(model, layout, layers, blocks);
        var nodes = search.Open.ToDictionary(node => node.Name, StringComparer.Ordinal);
        var shards = shape.Shards.Select((need, index) =>
        {
            var device = plan.Shards[index < sizes.WorldSize ? index : sizes.RankBeside(index - sizes.WorldSize)].Device;
            return PlacementSearch.Plan(need, nodes[device.Node], device.Id);
        });
        // The planner's last sentence has the numbers of all that is free.
        return new PlacementResult([.. shards], null, shape,
            asked ? null : [.. plan.Reasons.SkipLast(1), Numbers(shape, blocks * model.Options.BlockSize)]);
    }

    /// <summary>Says in a sentence what is promised.</summary>
    /// <param name="shape">The shapes of all shards of the replica.</param>
    /// <param name="tokens">The number of tokens that a rank's KV cache holds; null if it is unknown.</param>
    public static string Numbers(ReplicaShape shape, long? tokens)
    {
        var rank = shape.Shards.Where(need => !need.IsExpert).MaxBy(need => need.Bytes);
        var layers = shape.PipelineLayers is { } counts ? $", layers {string.Join(" + ", counts)}" : "";
        var cache = rank.CacheBytes == 0 ? "" : $" and {ByteSize.Format(rank.CacheBytes)} of KV cache";
        var experts = shape.Layout.Expert == 0
            ? ""
            : $" A shard of experts takes at most {ByteSize.Format(shape.Shards.Max(need => need.IsExpert ? need.Bytes : 0))}.";
        var holds = tokens is { } count ? FormattableString.Invariant($" The KV cache of a rank holds {count:N0} tokens.") : "";
        return $"A shard takes at most {ByteSize.Format(rank.WeightsBytes)} of weights{cache}{layers}.{experts}{holds}";
    }
}
