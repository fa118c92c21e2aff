using Grid.Engine.Configuration;

namespace Grid.Engine.Models;

/// <summary>Weights of the parts that layers are made of.</summary>
internal static class WeightParts
{
    /// <summary>Projections to query, key and value heads and back, with their biases.</summary>
    public static IEnumerable<WeightPart> Attention(ModelConfig config)
    {
        long hidden = config.HiddenSize, bias = config.AttentionBias ? 1 : 0;
        var queries = (long)config.NumAttentionHeads * config.HeadDim;
        yield return new(queries * (hidden + bias), WeightDivision.Tensor);
        yield return new(2L * config.NumKeyValueHeads * config.HeadDim * (hidden + bias), WeightDivision.KeyValueHeads);
        yield return new(queries * hidden, WeightDivision.Tensor);
        if (config.AttentionOutputBias) yield return new(hidden, WeightDivision.Replicated);
    }

    /// <summary>An MLP.</summary>
    /// <param name="width">The inner width of the layer.</param>
    /// <param name="inputs">Linears that lead inside: gate and up, or one.</param>
    public static IEnumerable<WeightPart> Mlp(ModelConfig config, int width, int inputs)
    {
        yield return new((inputs + 1L) * config.HiddenSize * width, WeightDivision.Tensor);
        if (!config.MlpBias) yield break;
        yield return new((long)inputs * width, WeightDivision.Tensor);
        yield return new(config.HiddenSize, WeightDivision.Replicated);
    }

    /// <summary>A mixture of experts: router, experts, and the shared expert with its gate where there is one.</summary>
    public static IEnumerable<WeightPart> Experts(ModelConfig config)
    {
        yield return new((long)config.HiddenSize * config.NumExperts, WeightDivision.Replicated);
        yield return new(config.NumExperts * Expert(config), WeightDivision.Experts);
        if (config.SharedExpertIntermediateSize == 0) yield break;
        yield return new(config.HiddenSize, WeightDivision.Replicated);
        foreach (var part in Mlp(config, config.SharedExpertIntermediateSize, inputs: 2)) yield return part;
    }

    /// <summary>Elements of one expert of one layer.</summary>
    public static long Expert(ModelConfig config) => 3L * config.HiddenSize * config.MoeIntermediateSize;
}
