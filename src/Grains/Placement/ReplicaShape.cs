using Grid.Abstractions.Configuration;
using Grid.Abstractions.Replicas;
using Grid.Engine.Configuration;
using Grid.Engine.Planning;

namespace Grid.Grains.Placement;

/// <summary>How many shards a replica has, and how much memory each of them is promised.</summary>
/// <param name="Layout">The sizes of the replica.</param>
/// <param name="PipelineLayers">The number of layers of each stage; null if the specification or vLLM's rule divides them.</param>
/// <param name="Shards">The shards: tensor fastest, then pipeline, then data; then experts.</param>
internal sealed record ReplicaShape(ReplicaLayout Layout, int[]? PipelineLayers, ShardNeed[] Shards)
{
    private const long MostKVBytes = 4L << 30;
    private const int FullLengthRequests = 8;

    /// <summary>The layout that a specification asks for; null for auto.</summary>
    public static ReplicaLayout? LayoutOf(ModelSpec spec) => spec.Parallelism is { Auto: false } p
        ? new ReplicaLayout(p.Tensor, p.Pipeline, p.Data, p.Expert > 1 || AsksForExperts(spec) ? p.Expert : 0)
        : null;

    /// <summary>Names of all shards: tensor fastest, then pipeline, then data; then experts.</summary>
    public static ShardId[] ShardsOf(ReplicaLayout layout) => [.. ShardId.All(layout.Data, layout.Pipeline, layout.Tensor, layout.Expert)];

    /// <summary>Places in the order of a plan: ranks by number, then experts by number.</summary>
    public static ShardPlan[] Ordered(ShardPlan[] places) => [.. places.OrderBy(place => place.Shard)];

    /// <summary>The shards of a layout: each its layers or its experts where the model's shape is known, else equal parts.</summary>
    /// <param name="layout">The sizes of the replica.</param>
    /// <param name="layers">The number of layers of each stage; null if the specification or vLLM's rule divides them.</param>
    /// <param name="blocks">KV blocks of a rank; null for those of the engine options, else for eight requests of full length, at most 4
    /// GiB a
    /// shard.</param>
    public static ReplicaShape Of(ModelSize model, ReplicaLayout layout, int[]? layers = null, long? blocks = null)
    {
        if (model.Profile is not { } profile) return Divided(model, layout);
        try
        {
            var shards = ShardMemory.Of(profile, LayoutFor(layout), layers ?? model.Spec.Parallelism?.PipelineLayers, model.Options);
            var perBlock = shards.Max(shard => shard.BytesPerBlock);
            var count = blocks ?? CacheDemand.Default(model.Options, model.MaxModelLen, perBlock);
            return new ReplicaShape(layout, layers,
                [.. shards.Select(shard => new ShardNeed(shard.Shard, shard.WeightsBytes, count * shard.BytesPerBlock))]);
        }
        catch (ModelLoadException)
        {
            // The layout does not suit the model: loading it reports why.
            return Divided(model, layout);
        }
    }

    /// <summary>
    /// The shards of a plan in another layout, with the layers and the cache that its ranks have, for shards that are placed again.
    /// </summary>
    /// <param name="plan">A plan with at least one rank's shard.</param>
    /// <param name="layout">The plan's layout, or one with another number of ranks.</param>
    public static ReplicaShape Of(ModelSize model, ReplicaPlan plan, ReplicaLayout layout)
    {
        var shape = Of(model, layout, plan.PipelineLayers, 1);
        if (model.Profile is null) return shape;
        // With one block each, a shard's cache is the bytes of a block.
        var cached = plan.Shards.FirstOrDefault(shard => shard.CacheBytes > 0);
        var perBlock = cached is null ? 0 : shape.Shards.FirstOrDefault(need => need.Shard == cached.Shard).CacheBytes;
        return perBlock > 0
            ? Of(model, layout, plan.PipelineLayers, cached!.CacheBytes / perBlock)
            : Of(model, layout, plan.PipelineLayers);
    }

    /// <summary>The same sizes in the planner's words.</summary>
    public static ParallelLayout LayoutFor(ReplicaLayout layout) => new(layout.Tensor, layout.Pipeline, layout.Data, layout.Expert);

    // One expert shard divides nothing, but it is granted if asked for, and checked against the model like any other number.
    private static bool AsksForExperts(ModelSpec spec) =>
        spec.Engine?.GetValueOrDefault("enableExpertParallel") is { } text && bool.TryParse(text, out var on) && on;

    private static ReplicaShape Divided(ModelSize model, ReplicaLayout layout)
    {
        var slices = Math.Max(1, layout.Tensor * layout.Pipeline);
        var weights = model.Files?.WeightsBytes ?? (model.Spec.Sim ?? new SimSpec()).WeightsBytes;
        var cache = Cache(model, slices);
        return new ReplicaShape(layout, null,
            [.. ShardsOf(layout).Select(name => new ShardNeed(name, (weights + slices - 1) / slices, cache))]);
    }

    private static long Cache(ModelSize model, int slices)
    {
        if (model.Options.KVCacheMemoryBytes is > 0 and var bytes) return bytes;
        if (model.Files is not { } files) return 0;
        var perToken = files.KVBytesPerToken / slices;
        return model.Options.NumGpuBlocksOverride is > 0 and var blocks
            ? (long)blocks * Math.Max(1, model.Options.BlockSize) * perToken
            : Math.Min(MostKVBytes, perToken * Math.Max(1, model.MaxModelLen) * FullLengthRequests);
    }
}
