using Grid.Engine.Layers;
using Grid.Engine.Models.Configuration;
using Grid.Engine.Parallelism;

namespace Grid.Engine.Planning;

/// <summary>Computes what a layout would hold on given devices, with vLLM's arithmetic.</summary>
/// <param name="profile">The model.</param>
/// <param name="options">Utilization, block size, longest length, layers of stages.</param>
internal sealed class LayoutEvaluator(ModelProfile profile, EngineOptions options)
{
    /// <summary>The plan of a layout.</summary>
    /// <param name="layout">Sizes that suit the model.</param>
    /// <param name="devices">One a rank.</param>
    /// <exception cref="ModelLoadException">Of kind <see cref="ModelLoadFault.Layout"/>: length or layers of stages are out of range.</exception>
    public ParallelPlan Evaluate(ParallelLayout layout, IReadOnlyList<InventoryDevice> devices)
    {
        var layers = profile.Config.NumHiddenLayers;
        if (options.PipelineLayerPartition is not null || layout.Pipeline == 1)
            return Evaluate(layout, devices, PipelinePartition.Divide(layers, layout.Pipeline, options.PipelineLayerPartition));
        var byRule = Evaluate(layout, devices, PipelinePartition.Divide(layers, layout.Pipeline, null));
        if (byRule.Fits && devices.Select(device => device.MemoryBytes).Distinct().Count() == 1) return byRule;
        var byMemory = Evaluate(layout, devices, StageDivision.ByMemory(new StageCosts(profile, layout), layers, StageMemory(layout, devices)));
        return byMemory.KVCacheTokens > byRule.KVCacheTokens ? byMemory : byRule;
    }

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
        var cache = fullest.Device.CacheBytes is { } most && fullest.RequestBytes > most ? fullest.AvailableBytes - most : fullest.WeightsBytes;
        return new ParallelPlan
        {
            Fits = tokens >= length,
            Layout = layout,
            PipelineLayers = [.. stages.Select(stage => stage.Length)],
            Shards = shards,
            KVCacheTokens = tokens,
            MaxConcurrency = (double)blocks / Blocks(length),
            MaxModelLen = length,
            LongestModelLen = fitting,
            NeededBytes = cache + fullest.RequestBytes,
            AvailableBytes = fullest.AvailableBytes,
        };
    }

    private PlannedShard[] Shards(ParallelLayout layout, IReadOnlyList<InventoryDevice> devices, Slice[] stages, int length)
    {
        var costs = new StageCosts(profile, layout);
        var experts = ExpertBytes(layout);
        var weights = stages.Select((stage, index) => costs.Layers(stage) + costs.Fixed(index)).ToArray();
        return [.. devices.Select((device, rank) =>
        {
            var stage = rank / layout.Tensor % layout.Pipeline;
            var bytes = weights[stage] + experts[rank];
            var perBlock = costs.KVBytesPerTokenAndLayer * stages[stage].Length * options.BlockSize;
            var blocks = Math.Max(0, Math.Min(Usable(device) - bytes, device.CacheBytes ?? long.MaxValue)) / perBlock;
            // As the engine does: in main memory, nobody who asks for nothing wants more than all requests at full length.
            if (device.CacheBytes is not null) blocks = Math.Min(blocks, options.MaxNumSeqs * Blocks(length));
            return new PlannedShard(
                $"dp{rank / layout.Tensor / layout.Pipeline}/pp{stage}/tp{rank % layout.Tensor}",
                device, stages[stage].Start, stages[stage].Length, bytes, Usable(device), blocks, Blocks(length) * perBlock);
        })];
    }

    /// <summary>Bytes of the expert shards that stand beside each rank.</summary>
    private long[] ExpertBytes(ParallelLayout layout)
    {
        var bytes = new long[layout.WorldSize];
        var shard = layout.Expert > 0 ? new StageCosts(profile, layout).ExpertShard() : 0;
        for (long i = 0; i < layout.Expert; i++) bytes[i * bytes.Length / layout.Expert] += shard;
        return bytes;
    }

    private long[] StageMemory(ParallelLayout layout, IReadOnlyList<InventoryDevice> devices)
    {
        var experts = ExpertBytes(layout);
        return [.. Enumerable.Range(0, layout.Pipeline).Select(stage =>
            Enumerable.Range(0, devices.Count).Where(rank => rank / layout.Tensor % layout.Pipeline == stage).Min(rank => Usable(devices[rank]) - experts[rank]))];
    }

    private long Usable(InventoryDevice device) => (long)(options.GpuMemoryUtilization * device.MemoryBytes);

    private long Blocks(int length) => (length + options.BlockSize - 1) / options.BlockSize;
}
