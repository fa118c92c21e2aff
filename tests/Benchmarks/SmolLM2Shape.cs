using Grid.Engine.Configuration;

namespace Grid.Benchmarks;

/// <summary>The shape of SmolLM2-135M, to be filled with random weights.</summary>
internal static class SmolLM2Shape
{
    public static ModelConfig Config { get; } = new()
    {
        Architecture = "LlamaForCausalLM",
        ModelType = "llama",
        VocabSize = 49152,
        HiddenSize = 576,
        IntermediateSize = 1536,
        NumHiddenLayers = 30,
        NumAttentionHeads = 9,
        NumKeyValueHeads = 3,
        HeadDim = 64,
        MaxPositionEmbeddings = 8192,
        NormEps = 1e-5f,
        TieWordEmbeddings = true,
        DType = "bfloat16",
        Rope = new RopeParameters { Theta = 100000 },
    };

    /// <summary>Weights that one decode step reads: every linear and the head.</summary>
    public static long WeightsAStep(ModelConfig config)
    {
        long attention = (long)config.HiddenSize * config.HeadDim * (2 * config.NumAttentionHeads + 2 * config.NumKeyValueHeads);
        long mlp = 3L * config.HiddenSize * config.IntermediateSize;
        return config.NumHiddenLayers * (attention + mlp) + (long)config.VocabSize * config.HiddenSize;
    }
}
