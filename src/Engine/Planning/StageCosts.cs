using Grid.Engine.Layers;
using Grid.Engine.Models;

namespace Grid.Engine.Planning;

/// <summary>Bytes that one tensor shard of a stage holds.</summary>
/// <param name="profile">The model.</param>
/// <param name="layout">The sizes.</param>
internal sealed class StageCosts(ModelProfile profile, ParallelLayout layout)
{
    private ModelConfig Config => profile.Config;

    /// <summary>Keys and values of one token in one layer.</summary>
    public long KVBytesPerTokenAndLayer =>
        2L * new Shard(0, layout.Tensor).OfKVHeads(Config.NumKeyValueHeads).Length * Config.HeadDim * profile.ElementBytes;

    /// <summary>A layer of average size.</summary>
    public long AverageLayer => Layers(Slice.All(Config.NumHiddenLayers)) / Config.NumHiddenLayers;

    /// <summary>The layers of a slice.</summary>
    public long Layers(Slice layers) => Bytes(Enumerable.Range(layers.Start, layers.Length).SelectMany(layer => WeightCounts.Layer(Config, layer)));

    /// <summary>What a stage holds besides layers: the first the embedding, the last the head.</summary>
    public long Fixed(int stage)
    {
        var parts = stage == 0 ? WeightCounts.First(Config) : [];
        if (stage == layout.Pipeline - 1) parts = parts.Concat(WeightCounts.Last(Config, withHead: !Config.TieWordEmbeddings || layout.Pipeline > 1));
        return Bytes(parts);
    }

    /// <summary>An expert shard, all its layers: of the shards, the first holds most.</summary>
    public long ExpertShard()
    {
        var experts = (Config.NumExperts + layout.Expert - 1) / layout.Expert;
        var layers = Enumerable.Range(0, Config.NumHiddenLayers).Count(Config.IsMoeLayer);
        return Scaled(WeightCounts.Expert(Config) * experts * layers);
    }

    private long Bytes(IEnumerable<WeightPart> parts) => Scaled(parts.Sum(part => part.OnShard(Config, layout.Tensor, layout.Expert > 0)));

    private long Scaled(long elements) => (long)Math.Ceiling(elements * profile.Scale) * profile.ElementBytes;
}
