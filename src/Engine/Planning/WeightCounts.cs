using Grid.Engine.Configuration;
using Grid.Engine.Models;
using Grid.Engine.Models.Families;

namespace Grid.Engine.Planning;

/// <summary>Counts a model's weights from its shape alone, part by part, as its family's checkpoints hold them.</summary>
internal static class WeightCounts
{
    /// <summary>Elements of all weights.</summary>
    public static long Total(ModelConfig config) =>
        Enumerable.Range(0, config.NumHiddenLayers).SelectMany(layer => Layer(config, layer))
            .Concat(First(config)).Concat(Last(config, withHead: !config.TieWordEmbeddings)).Sum(part => part.Elements);

    /// <summary>Weights before the first layer.</summary>
    public static IEnumerable<WeightPart> First(ModelConfig config) => ModelRegistry.Of(config).CountEmbedding(config);

    /// <summary>Weights after the last layer.</summary>
    /// <param name="withHead">Whether to count the head. A tied one is the embedding, wherever one device has both.</param>
    public static IEnumerable<WeightPart> Last(ModelConfig config, bool withHead)
    {
        var family = ModelRegistry.Of(config);
        return withHead ? family.CountFinal(config).Append(family.CountHead(config)) : family.CountFinal(config);
    }

    /// <summary>Weights of one layer, counted from 0.</summary>
    public static IEnumerable<WeightPart> Layer(ModelConfig config, int layer) => ModelRegistry.Of(config).CountLayer(config, layer);

    /// <summary>Elements of one expert of one layer.</summary>
    public static long Expert(ModelConfig config) => WeightParts.Expert(config);
}
