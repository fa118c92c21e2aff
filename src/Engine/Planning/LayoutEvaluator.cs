using Grid.Engine.Configuration;
using Grid.Engine.Geometry;

namespace Grid.Engine.Planning;

/// <summary>Computes what a layout would hold on given devices, with vLLM's arithmetic.</summary>
/// <param name="profile">The model to divide.</param>
/// <param name="options">Memory utilization, block size, maximum length, requested cache size, and layers of each stage.</param>
internal sealed class LayoutEvaluator(ModelProfile profile, EngineOptions options)
{
    /// <summary>
    /// The plan of a layout. Equal devices are divided by vLLM's rule, others by speed where it was measured, and by memory.
    /// </summary>
    /// <param name="layout">Sizes that divide the model.</param>
    /// <param name="devices">One device for each shard: tensor fastest, then pipeline, then data.</param>
    /// <exception cref="ModelLoadException">Of kind <see cref="ModelLoadFault.Layout"/>: length or layers of stages are out of
    /// range.</exception>
    public ParallelPlan Evaluate(ParallelLayout layout, IReadOnlyList<InventoryDevice> devices)
    {
        var layers = profile.Config.NumHiddenLayers;
        if (options.PipelineLayerPartition is not null || layout.Pipeline == 1)
            return Evaluate(layout, devices, PipelinePartition.Divide(layers, layout.Pipeline, options.PipelineLayerPartition));
        var byRule = Evaluate(layout, devices, PipelinePartition.Divide(layers, layout.Pipeline, null));
        var (memory, speeds) = (StageMemory(layout, devices), StageSpeeds(layout, devices));
        var costs = new StageCosts(profile, layout);
        if (StageDivision.AreEqual(speeds))
        {
            if (byRule.Fits
                && (speeds.Min() > 0 ? HasWanted(byRule, costs) : devices.Select(device => device.MemoryBytes).Distinct().Count() == 1))
                return byRule;
        }
        else if (BySpeed(layout, devices, costs, memory, speeds, byRule) is { } bySpeed)
        {
            return bySpeed;
        }

        var byMemory = Evaluate(layout, devices, StageDivision.ByMemory(costs, layers, memory));
        var best = byMemory.KVCacheTokens > byRule.KVCacheTokens ? byMemory : byRule;
        // Division by memory assumes layers of average size: where layers differ, another division may fit.
        return best.Fits ? best : BySpeed(layout, devices, costs, memory, [.. speeds.Select(_ => 1.0)], byRule) ?? best;
    }

    private ParallelPlan? BySpeed(ParallelLayout layout, IReadOnlyList<InventoryDevice> devices, StageCosts costs, long[] memory,
        double[] speeds, ParallelPlan byRule)
    {
        var (layers, block) = (profile.Config.NumHiddenLayers, costs.KVBytesPerTokenAndLayer * options.BlockSize);
        var most = byRule.PipelineLayers.Max() * block;
        long[] blocks = [CacheDemand.Default(options, byRule.MaxModelLen, most), CacheDemand.Needed(options, byRule.MaxModelLen, most)];
        foreach (var count in blocks)
            if (StageDivision.BySpeed(costs, layers, memory, speeds, count * block) is { } stages
                && Evaluate(layout, devices, stages) is { Fits: true } plan) return plan;
        return null;
    }

    private bool HasWanted(ParallelPlan plan, StageCosts costs) =>
        plan.Shards.Min(shard => shard.NumBlocks) >= CacheDemand.Default(options, plan.MaxModelLen,
        plan.PipelineLayers.Max() * costs.KVBytesPerTokenAndLayer * options.BlockSize);

    private ParallelPlan Evaluate(ParallelLayout layout, IReadOnlyList<InventoryDevice> devices, Slice[] stages)
    {
        var longest = MaxModelLength.Derive(profile.Config);
        var length = MaxModelLength.Resolve(profile.Config, options.MaxModelLen);
        var shards = Shards(layout, devices, stages, length);
        var blocks = shards.Min(shard => shard.NumBlocks);
        var tokens = blocks * options.BlockSize;
        var fitting = (int)Math.Min(tokens, longest);
        if (options.MaxModelLen == MaxModelLength.LongestThatFits && fitting > 0)
        {
            length = fitting;
            shards = Shards(layout, devices, stages, length);
        }

        var fullest = shards.MinBy(shard => shard.AvailableBytes - shard.WeightsBytes - shard.RequestBytes)!;
        var cache = fullest.Device.CacheBytes is { } most && fullest.RequestBytes > most
            ? fullest.AvailableBytes - most
            : fullest.WeightsBytes;
        return new ParallelPlan
        {
            Fits = tokens >= length && blocks >= Demand(stages, layout, length),
            Layout = layout,
            PipelineLayers = [.. stages.Select(stage => stage.Length)],
            Shards = shards,
            KVCacheTokens = tokens,
            MaxConcurrency = (double)blocks / Blocks(length),
            MaxModelLen = length,
            LongestModelLen = fitting,
            NeededBytes = cache + fullest.RequestBytes,
            AvailableBytes = fullest.AvailableBytes,
            IsCacheStated = CacheDemand.IsStated(options),
        };
    }

    private PlannedShard[] Shards(ParallelLayout layout, IReadOnlyList<InventoryDevice> devices, Slice[] stages, int length)
    {
        var costs = new StageCosts(profile, layout);
        var experts = ExpertBytes(layout);
        var weights = stages.Select((stage, index) => costs.Layers(stage) + costs.Fixed(index)).ToArray();
        var demand = Demand(stages, layout, length);
        return [.. devices.Select((device, rank) =>
        {
            var stage = rank / layout.Tensor % layout.Pipeline;
            var bytes = weights[stage] + experts[rank];
            var perBlock = costs.KVBytesPerTokenAndLayer * stages[stage].Length * options.BlockSize;
            var blocks = Math.Max(0, Math.Min(Usable(device) - bytes, device.CacheBytes ?? long.MaxValue)) / perBlock;
            // As the engine does: in main memory, the default is no more than all requests at full length can use.
            if (device.CacheBytes is not null) blocks = Math.Min(blocks, options.MaxNumSeqs * Blocks(length));
            return new PlannedShard(
                layout.ShardOf(rank),
                device, stages[stage].Start, stages[stage].Length, bytes, Usable(device), blocks, demand * perBlock);
        })];
    }

    private long Demand(Slice[] stages, ParallelLayout layout, int length) =>
        Math.Max(Blocks(length),
        CacheDemand.Needed(options, length,
            stages.Max(stage => stage.Length) * new StageCosts(profile, layout).KVBytesPerTokenAndLayer * options.BlockSize));

    /// <summary>Bytes of the expert shards that share a device with each shard.</summary>
    private long[] ExpertBytes(ParallelLayout layout)
    {
        var bytes = new long[layout.WorldSize];
        var costs = new StageCosts(profile, layout);
        var copies = options.EnableEplb ? options.Eplb.NumRedundantExperts : 0;
        for (var shard = 0; shard < layout.Expert; shard++) bytes[layout.RankBeside(shard)] += costs.ExpertShard(shard, copies);
        return bytes;
    }

    private long[] StageMemory(ParallelLayout layout, IReadOnlyList<InventoryDevice> devices)
    {
        var experts = ExpertBytes(layout);
        return [.. Stages(layout).Select(stage => RanksOf(layout, stage).Min(rank => Usable(devices[rank]) - experts[rank]))];
    }

    private static double[] StageSpeeds(ParallelLayout layout, IReadOnlyList<InventoryDevice> devices) =>
        [.. Stages(layout).Select(stage => RanksOf(layout, stage).Min(rank => devices[rank].Speed))];

    private static IEnumerable<int> Stages(ParallelLayout layout) => Enumerable.Range(0, layout.Pipeline);

    private static IEnumerable<int> RanksOf(ParallelLayout layout, int stage) =>
        Enumerable.Range(0, layout.WorldSize).Where(rank => rank / layout.Tensor % layout.Pipeline == stage);

    private long Usable(InventoryDevice device) => (long)(options.GpuMemoryUtilization * device.MemoryBytes);

    private long Blocks(int length) => (length + options.BlockSize - 1) / options.BlockSize;
}
