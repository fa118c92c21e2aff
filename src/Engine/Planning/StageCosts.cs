using Grid.Engine.Configuration;
using Grid.Engine.Geometry;
using Grid.Engine.Models;

namespace Grid.Engine.Planning;

/// <summary>Bytes that one tensor shard of a stage takes.</summary>
internal sealed class StageCosts(ModelProfile profile, ParallelLayout layout)
{
    private ModelConfig Config => profile.Config;

    /// <summary>Bytes of the keys and values of one token in one layer.</summary>
    public long KVBytesPerTokenAndLayer =>
        Config.KVElementsPerToken(new TensorSlice(0, layout.Tensor).OfKVHeads(Config.NumKeyValueHeads).Length) * profile.ElementBytes;

    /// <summary>Bytes of a layer of average size.</summary>
    public long AverageLayer => Layers(Slice.All(Config.NumHiddenLayers)) / Config.NumHiddenLayers;

    /// <summary>Bytes of the layers of a slice.</summary>
    public long Layers(Slice layers) =>
        Bytes(Enumerable.Range(layers.Start, layers.Length).SelectMany(layer => WeightCounts.Layer(Config, layer)));

    /// <summary>Bytes of a stage besides its layers: the embedding of the first stage, and the head of the last.</summary>
    public long Fixed(int stage)
    {
        var parts = stage == 0 ? WeightCounts.First(Config) : [];
        if (stage == layout.Pipeline - 1)
            parts = parts.Concat(WeightCounts.Last(Config, withHead: !Config.TieWordEmbeddings || layout.Pipeline > 1));
        return Bytes(parts);
    }

    /// <summary>Bytes of an expert shard over all layers; the first shards hold one more expert where experts do not divide.</summary>
    /// <param name="shard">Number of the expert shard, from 0.</param>
    /// <param name="copies">Redundant experts of each layer, which any shard may be given.</param>
    public long ExpertShard(int shard = 0, int copies = 0)
    {
        var experts = Math.Min(Config.NumExperts,
            (Config.NumExperts / layout.Expert) + (shard < Config.NumExperts % layout.Expert ? 1 : 0)
            + ((copies + layout.Expert - 1) / layout.Expert));
        var layers = Enumerable.Range(0, Config.NumHiddenLayers).Count(Config.IsMoeLayer);
        return Scaled(WeightCounts.Expert(Config) * experts * layers);
    }

    /// <summary>Bytes that a stage reads in a step besides its layers: the head. Of the embedding only one row per token is read.</summary>
    public long FixedWork(int stage) => stage == layout.Pipeline - 1 ? Bytes(WeightCounts.Last(Config, withHead: true)) : 0;

    private long Bytes(IEnumerable<WeightPart> parts) => Scaled(parts.Sum(part => part.OnShard(Config, layout.Tensor, layout.Expert > 0)));

    private long Scaled(long elements) => (long)Math.Ceiling(elements * profile.Scale) * profile.ElementBytes;
}
