using Grid.Engine.Configuration;
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

    /// <summary>An expert shard, all its layers: the first ones hold one expert more where they do not divide.</summary>
    /// <param name="shard">From 0; the first holds most.</param>
    /// <param name="copies">Further experts a layer, which may come to stand on any shard.</param>
    public long ExpertShard(int shard = 0, int copies = 0)
    {
        var experts = Math.Min(Config.NumExperts, (Config.NumExperts / layout.Expert) + (shard < Config.NumExperts % layout.Expert ? 1 : 0) + ((copies + layout.Expert - 1) / layout.Expert));
        var layers = Enumerable.Range(0, Config.NumHiddenLayers).Count(Config.IsMoeLayer);
        return Scaled(WeightCounts.Expert(Config) * experts * layers);
    }

    /// <summary>What a stage reads in a step besides layers: the head. The embedding is one row a token.</summary>
    public long FixedWork(int stage) => stage == layout.Pipeline - 1 ? Bytes(WeightCounts.Last(Config, withHead: true)) : 0;

    private long Bytes(IEnumerable<WeightPart> parts) => Scaled(parts.Sum(part => part.OnShard(Config, layout.Tensor, layout.Expert > 0)));

    private long Scaled(long elements) => (long)Math.Ceiling(elements * profile.Scale) * profile.ElementBytes;
}
