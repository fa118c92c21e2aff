using Grid.Engine.Configuration;
using static Grid.Engine.Planning.WeightDivision;

namespace Grid.Engine.Planning;

/// <summary>Counts a model's weights from its shape alone, part by part, as the families' checkpoints hold them.</summary>
internal static class WeightCounts
{
    // OPT's positions begin after two rows that nothing uses.
    private const int OptUnusedPositions = 2;

    /// <summary>All weights.</summary>
    public static long Total(ModelConfig config) =>
        Enumerable.Range(0, config.NumHiddenLayers).SelectMany(layer => Layer(config, layer))
            .Concat(First(config)).Concat(Last(config, withHead: !config.TieWordEmbeddings)).Sum(part => part.Elements);

    /// <summary>What stands before the layers.</summary>
    public static IEnumerable<WeightPart> First(ModelConfig config)
    {
        var width = config.WordEmbedProjDim ?? config.HiddenSize;
        yield return new((long)config.VocabSize * width, Vocabulary);
        if (config.ModelType == "gpt2") yield return new((long)config.MaxPositionEmbeddings * config.HiddenSize, Replicated);
        if (config.ModelType == "opt") yield return new((long)(config.MaxPositionEmbeddings + OptUnusedPositions) * config.HiddenSize, Replicated);
        if (width != config.HiddenSize) yield return new((long)width * config.HiddenSize, Replicated);
    }

    /// <summary>What stands behind the layers.</summary>
    /// <param name="config">The model.</param>
    /// <param name="withHead">Whether the head is counted: a tied one is the embedding wherever both are on one device.</param>
    public static IEnumerable<WeightPart> Last(ModelConfig config, bool withHead)
    {
        var width = config.WordEmbedProjDim ?? config.HiddenSize;
        if (width != config.HiddenSize) yield return new((long)width * config.HiddenSize, Replicated);
        if (config.ModelType != "opt" || (config.DoLayerNormBefore && !config.RemoveFinalLayerNorm)) yield return Norm(config);
        if (withHead) yield return new((long)config.VocabSize * width, Vocabulary);
    }

    /// <summary>One layer.</summary>
    public static IEnumerable<WeightPart> Layer(ModelConfig config, int layer) =>
        [Norm(config), .. Attention(config), Norm(config), .. config.IsMoeLayer(layer) ? Experts(config) : Mlp(config, config.IntermediateSize)];

    /// <summary>Elements of one expert of one layer.</summary>
    public static long Expert(ModelConfig config) => 3L * config.HiddenSize * config.MoeIntermediateSize;

    private static bool IsPlain(ModelConfig config) => config.ModelType is "gpt2" or "opt";

    private static WeightPart Norm(ModelConfig config) => new((IsPlain(config) ? 2L : 1) * config.HiddenSize, Replicated);

    private static IEnumerable<WeightPart> Attention(ModelConfig config)
    {
        long hidden = config.HiddenSize, bias = config.AttentionBias ? 1 : 0;
        var queries = (long)config.NumAttentionHeads * config.HeadDim;
        yield return new(queries * (hidden + bias), Tensor);
        yield return new(2L * config.NumKeyValueHeads * config.HeadDim * (hidden + bias), KeyValueHeads);
        yield return new(queries * hidden, Tensor);
        if (config.AttentionOutputBias) yield return new(hidden, Replicated);
        if (config.ModelType is "qwen3" or "qwen3_moe") yield return new(2L * config.HeadDim, Replicated);
    }

    private static IEnumerable<WeightPart> Mlp(ModelConfig config, int width)
    {
        var inner = IsPlain(config) ? 1L : 2;
        yield return new((inner + 1) * config.HiddenSize * width, Tensor);
        if (!config.MlpBias) yield break;
        yield return new(inner * width, Tensor);
        yield return new(config.HiddenSize, Replicated);
    }

    private static IEnumerable<WeightPart> Experts(ModelConfig config)
    {
        yield return new((long)config.HiddenSize * config.NumExperts, Replicated);
        yield return new(config.NumExperts * Expert(config), WeightDivision.Experts);
        if (config.SharedExpertIntermediateSize == 0) yield break;
        yield return new(config.HiddenSize, Replicated);
        foreach (var part in Mlp(config, config.SharedExpertIntermediateSize)) yield return part;
    }
}
