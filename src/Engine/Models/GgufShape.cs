using Grid.Engine.Configuration;
using Grid.Engine.Weights.Gguf;
using Grid.Engine.Weights.Gguf.Quants;

namespace Grid.Engine.Models;

/// <summary>The part of a model's shape that GGUF files of all families say under the same keys.</summary>
internal static class GgufShape
{
    /// <summary>Reads metadata, and the tensors where metadata does not say.</summary>
    /// <param name="family">Its family, whose GGUF name is the prefix of the keys.</param>
    /// <param name="normEpsilon">Key of the norms' epsilon, without prefix.</param>
    /// <param name="defaultNormEpsilon">The epsilon where the file has none.</param>
    /// <exception cref="ModelLoadException">A value is missing or out of range.</exception>
    public static ModelConfig Read(GgufFile file, ModelFamily family, string normEpsilon, float defaultNormEpsilon)
    {
        var (metadata, prefix) = (file.Metadata, family.GgufArchitecture);
        var hiddenSize = metadata.PositiveInt($"{prefix}.embedding_length");
        var heads = metadata.PositiveInt($"{prefix}.attention.head_count");
        var headDim = metadata.Int($"{prefix}.attention.key_length") is not null
            ? metadata.PositiveInt($"{prefix}.attention.key_length")
            : ModelConfigRules.DeriveHeadDim(file.Path, hiddenSize, heads);
        if (file.Tensors.GetValueOrDefault("token_embd.weight") is not { Shape: [<= int.MaxValue and var vocabSize, _] })
            throw new ModelLoadException($"{file.Path}: tensor token_embd.weight is missing or no matrix.");
        return new ModelConfig
        {
            Architecture = family.Architecture,
            ModelType = family.ModelType,
            VocabSize = (int)vocabSize,
            HiddenSize = hiddenSize,
            IntermediateSize = metadata.PositiveInt($"{prefix}.feed_forward_length", metadata.Int($"{prefix}.expert_feed_forward_length")),
            NumHiddenLayers = metadata.PositiveInt($"{prefix}.block_count", most: ModelConfigRules.MaxLayers),
            NumAttentionHeads = heads,
            NumKeyValueHeads = metadata.PositiveInt($"{prefix}.attention.head_count_kv", heads),
            HeadDim = headDim,
            MaxPositionEmbeddings = metadata.PositiveInt($"{prefix}.context_length"),
            NormEps = (float)(metadata.Double($"{prefix}.attention.{normEpsilon}") ?? defaultNormEpsilon),
            TieWordEmbeddings = !file.Tensors.ContainsKey("output.weight"),
            AttentionBias = file.Tensors.ContainsKey("blk.0.attn_q.bias") || file.Tensors.ContainsKey("blk.0.attn_qkv.bias"),
            AttentionOutputBias = file.Tensors.ContainsKey("blk.0.attn_output.bias"),
            MlpBias = file.Tensors.ContainsKey("blk.0.ffn_up.bias"),
            SlidingWindow = metadata.Int($"{prefix}.attention.sliding_window") is > 0 and var window ? window : null,
            DType = ReadDType(file),
            BosTokenId = metadata.TokenId("tokenizer.ggml.bos_token_id"),
            EosTokenIds = ReadEosTokenIds(metadata),
        };
    }

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
