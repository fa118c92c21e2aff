using Grid.Engine.Configuration;
using Grid.Engine.Models.Configuration;

namespace Grid.Engine.Weights.Gguf;

/// <summary>The model that a file's metadata (and, where that says nothing, its tensors) describe.</summary>
internal static class GgufConfigReader
{
    private static readonly Dictionary<string, string> ModelTypes = new()
    {
        ["llama"] = "llama",
        ["qwen2"] = "qwen2",
        ["qwen3"] = "qwen3",
        ["qwen2moe"] = "qwen2_moe",
        ["qwen3moe"] = "qwen3_moe",
        ["gpt2"] = "gpt2",
    };

    /// <exception cref="ModelLoadException">The architecture is not supported, or the metadata is incomplete.</exception>
    public static ModelConfig Read(GgufFile file)
    {
        var metadata = file.Metadata;
        var prefix = metadata.String("general.architecture") ?? throw new ModelLoadException($"{file.Path}: metadata general.architecture is missing.");
        if (!ModelTypes.TryGetValue(prefix, out var modelType))
            throw new ModelLoadException($"{file.Path}: architecture {prefix} is not supported. Supported: {string.Join(", ", ModelTypes.Keys)}.");
        var experts = metadata.Int($"{prefix}.expert_count") ?? 0;
        if (modelType == "llama" && experts > 0) modelType = "mixtral";
        var result = ReadShape(file, ModelFamily.All.First(family => family.ModelType == modelType), prefix);
        if (experts > 0) result = WithExperts(result, metadata, prefix, experts);
        ModelConfigReader.Validate(file.Path, result);
        return result;
    }

    private static ModelConfig ReadShape(GgufFile file, ModelFamily family, string prefix)
    {
        var metadata = file.Metadata;
        var hiddenSize = metadata.PositiveInt($"{prefix}.embedding_length");
        var heads = metadata.PositiveInt($"{prefix}.attention.head_count");
        var headDim = metadata.Int($"{prefix}.attention.key_length") is not null
            ? metadata.PositiveInt($"{prefix}.attention.key_length")
            : ModelConfigReader.DeriveHeadDim(file.Path, hiddenSize, heads);
        if (file.Tensors.GetValueOrDefault("token_embd.weight") is not { Shape: [<= int.MaxValue and var vocabSize, _] })
            throw new ModelLoadException($"{file.Path}: tensor token_embd.weight is missing or no matrix.");
        var isGpt2 = family.ModelType == "gpt2";
        return new ModelConfig
        {
            Architecture = family.Architecture,
            ModelType = family.ModelType,
            VocabSize = (int)vocabSize,
            HiddenSize = hiddenSize,
            IntermediateSize = metadata.PositiveInt($"{prefix}.feed_forward_length", metadata.Int($"{prefix}.expert_feed_forward_length")),
            NumHiddenLayers = metadata.PositiveInt($"{prefix}.block_count", most: ModelConfigReader.MaxLayers),
            NumAttentionHeads = heads,
            NumKeyValueHeads = metadata.PositiveInt($"{prefix}.attention.head_count_kv", heads),
            HeadDim = headDim,
            MaxPositionEmbeddings = metadata.PositiveInt($"{prefix}.context_length"),
            HiddenAct = isGpt2 ? "gelu_new" : "silu",
            NormEps = (float)(metadata.Double($"{prefix}.attention.{(isGpt2 ? "layer_norm_epsilon" : "layer_norm_rms_epsilon")}") ?? family.NormEps),
            TieWordEmbeddings = !file.Tensors.ContainsKey("output.weight"),
            AttentionBias = file.Tensors.ContainsKey("blk.0.attn_q.bias") || file.Tensors.ContainsKey("blk.0.attn_qkv.bias"),
            AttentionOutputBias = file.Tensors.ContainsKey("blk.0.attn_output.bias"),
            MlpBias = file.Tensors.ContainsKey("blk.0.ffn_up.bias"),
            Rope = isGpt2 ? null : GgufRopeReader.Read(file, prefix, headDim),
            SlidingWindow = metadata.Int($"{prefix}.attention.sliding_window") is > 0 and var window ? window : null,
            DType = ReadDType(file),
            BosTokenId = metadata.TokenId("tokenizer.ggml.bos_token_id"),
            EosTokenIds = ReadEosTokenIds(metadata),
        };
    }

    private static ModelConfig WithExperts(ModelConfig result, GgufMetadata metadata, string prefix, int experts) => result with
    {
        NumExperts = experts,
        NumExpertsPerToken = metadata.PositiveInt($"{prefix}.expert_used_count"),
        MoeIntermediateSize = metadata.PositiveInt($"{prefix}.expert_feed_forward_length", result.IntermediateSize),
        SharedExpertIntermediateSize = result.ModelType == "qwen2_moe" ? metadata.PositiveInt($"{prefix}.expert_shared_feed_forward_length", result.IntermediateSize) : 0,
        // ggml's graphs fix it: only Qwen2-MoE leaves the probabilities as they are.
        NormTopkProb = result.ModelType != "qwen2_moe",
    };

    // Quantized weights are computed in bfloat16 unless --dtype says otherwise.
    private static string ReadDType(GgufFile file)
    {
        var matrices = file.Tensors.Values.Where(info => info.Shape.Length > 1).Select(info => info.Type).ToHashSet();
        if (matrices.IsSubsetOf([GgufTensorType.F32])) return "float32";
        return matrices.IsSubsetOf([GgufTensorType.F32, GgufTensorType.F16]) ? "float16" : "bfloat16";
    }

    private static int[] ReadEosTokenIds(GgufMetadata metadata) =>
        [.. new[] { "eos", "eot", "eom" }.Select(name => metadata.TokenId($"tokenizer.ggml.{name}_token_id")).OfType<int>().Distinct()];
}
