using Grid.Engine.Configuration;

namespace Grid.Engine.Tests.Planning;

/// <summary>Published shapes of models that are too large for a test's disk.</summary>
internal static class Shapes
{
    /// <summary>Llama 3 70B: 70.6 billion weights.</summary>
    public static readonly ModelConfig Llama70B = new()
    {
        Architecture = "LlamaForCausalLM",
        ModelType = "llama",
        VocabSize = 128256,
        HiddenSize = 8192,
        IntermediateSize = 28672,
        NumHiddenLayers = 80,
        NumAttentionHeads = 64,
        NumKeyValueHeads = 8,
        HeadDim = 128,
        MaxPositionEmbeddings = 8192,
        DType = "bfloat16",
    };

    /// <summary>Llama 3 8B: 8.03 billion weights.</summary>
    public static readonly ModelConfig Llama8B = Llama70B
        with
    { HiddenSize = 4096, IntermediateSize = 14336, NumHiddenLayers = 32, NumAttentionHeads = 32 };

    /// <summary>Llama 3.1 405B: 405.9 billion weights.</summary>
    public static readonly ModelConfig Llama405B = Llama70B
        with
    { HiddenSize = 16384, IntermediateSize = 53248, NumHiddenLayers = 126, NumAttentionHeads = 128 };

    /// <summary>Mixtral 8x7B: 46.7 billion weights.</summary>
    public static readonly ModelConfig Mixtral = Llama8B with
    {
        Architecture = "MixtralForCausalLM",
        ModelType = "mixtral",
        VocabSize = 32000,
        MaxPositionEmbeddings = 32768,
        NumExperts = 8,
        NumExpertsPerToken = 2,
        MoeIntermediateSize = 14336,
    };
}
