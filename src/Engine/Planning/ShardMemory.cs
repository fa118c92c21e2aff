using Grid.Engine.Configuration;
using Grid.Engine.Geometry;
using Grid.Primitives.Ids;

namespace Grid.Engine.Planning;

/// <summary>The memory that one shard of a replica takes.</summary>
/// <param name="WeightsBytes">Bytes of its layers or experts.</param>
/// <param name="BytesPerBlock">Bytes of one KV block; 0 for an expert shard, which has no cache.</param>
public sealed record ShardMemory(ShardId Shard, long WeightsBytes, long BytesPerBlock)
{
    /// <summary>All shards of a replica: tensor fastest, then pipeline, then data; then experts.</summary>
    /// <param name="layout">Sizes that divide it.</param>
    /// <param name="pipelineLayers">Number of layers of each stage; null: vLLM's rule.</param>
    /// <param name="options">Block size, and redundant copies of experts.</param>
    /// <exception cref="ModelLoadException">Of kind <see cref="ModelLoadFault.Layout"/>: the sizes or layers do not suit the
    /// model.</exception>
    public static ShardMemory[] Of(ModelProfile profile, ParallelLayout layout, IReadOnlyList<int>? pipelineLayers, EngineOptions options)
    {
        if (ParallelismPlanner.Refusal(profile, layout) is { } refusal) throw new ModelLoadException(refusal, ModelLoadFault.Layout);
        var costs = new StageCosts(profile, layout);
        var stages = PipelinePartition.Divide(profile.Config.NumHiddenLayers, layout.Pipeline, pipelineLayers)
            .Select((layers, stage) =>
            (Weights: costs.Layers(layers) + costs.Fixed(stage), Block: costs.KVBytesPerTokenAndLayer * layers.Length * options.BlockSize))
                .ToArray();
        var shards = new List<ShardMemory>(layout.WorldSize + layout.Expert);
        for (var rank = 0; rank < layout.WorldSize; rank++)
        {
            var stage = rank / layout.Tensor % layout.Pipeline;
            shards.Add(new ShardMemory(layout.ShardOf(rank), stages[stage].Weights, stages[stage].Block));
        }

        var copies = options.EnableEplb ? options.Eplb.NumRedundantExperts : 0;
        for (var shard = 0; shard < layout.Expert; shard++)
            shards.Add(new ShardMemory(new ExpertShardId(shard), costs.ExpertShard(shard, copies), 0));
        return [.. shards];
    }
}
