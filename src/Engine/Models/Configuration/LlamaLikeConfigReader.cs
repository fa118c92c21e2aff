using Grid.Engine.Configuration;

namespace Grid.Engine.Models.Configuration;

/// <summary>Llama and the families that took over its key names.</summary>
internal static class LlamaLikeConfigReader
{
    public static ModelConfig Read(ConfigObject config, ModelFamily family)
    {
        var hiddenSize = config.PositiveInt("hidden_size");
        var heads = config.PositiveInt("num_attention_heads");
        var intermediateSize = config.PositiveInt("intermediate_size");
        var maxPositions = config.PositiveInt("max_position_embeddings", family.MaxPositionEmbeddings);
        var attentionBias = HasAttentionBias(config, family);
        var layers = config.PositiveInt("num_hidden_layers", most: ModelConfigReader.MaxLayers);
        var sliding = UsesWindow(config, family) ? SlidingWindowReader.Read(config, family.SlidingWindow, family.MaxWindowLayers, layers) : default;
        var result = new ModelConfig
        {
            Architecture = family.Architecture,
            ModelType = family.ModelType,
            VocabSize = config.PositiveInt("vocab_size"),
            HiddenSize = hiddenSize,
            IntermediateSize = intermediateSize,
            NumHiddenLayers = layers,
            NumAttentionHeads = heads,
            NumKeyValueHeads = config.PositiveInt("num_key_value_heads", KeyValueHeads(config, family, heads)),
            HeadDim = config.Has("head_dim") ? config.PositiveInt("head_dim")
                : family.HeadDim ?? ModelConfigReader.DeriveHeadDim(config.Source, hiddenSize, heads),
            MaxPositionEmbeddings = maxPositions,
            HiddenAct = config.String("hidden_act") ?? "silu",
            NormEps = (float)(config.PositiveDouble("rms_norm_eps") ?? family.NormEps),
            AttentionBias = attentionBias,
            AttentionOutputBias = attentionBias && family.ModelType is ("llama" or "qwen3" or "qwen3_moe"),
            MlpBias = family.ModelType == "llama" && config.Bool("mlp_bias") == true,
            Rope = RopeParametersReader.Read(config, family.RopeTheta, maxPositions),
            SlidingWindow = sliding.Window,
            SlidingLayers = sliding.Layers,
        };
        if (family.NumExperts > 0) result = WithExperts(result, config, family);
        return ModelConfigReader.WithCommon(result, config, family);
    }

    private static bool UsesWindow(ConfigObject config, ModelFamily family) =>
        family.ModelType != "llama" && (!family.ModelType.StartsWith("qwen", StringComparison.Ordinal) || config.Bool("use_sliding_window") == true);

    private static bool HasAttentionBias(ConfigObject config, ModelFamily family) => family.ModelType switch
    {
        "qwen2" => true,
        "qwen2_moe" => config.Bool("qkv_bias") ?? true,
        "llama" or "qwen3" or "qwen3_moe" => config.Bool("attention_bias") ?? false,
        _ => false,
    };

    // An explicit null means as many as query heads in every family.
    private static int KeyValueHeads(ConfigObject config, ModelFamily family, int heads) =>
        config.Mentions("num_key_value_heads") ? heads : family.NumKeyValueHeads ?? heads;

    private static ModelConfig WithExperts(ModelConfig result, ConfigObject config, ModelFamily family)
    {
        var mixtral = family.ModelType == "mixtral";
        return result with
        {
            // transformers 5 writes num_local_experts for all families, 4 only for Mixtral.
            NumExperts = config.PositiveInt(config.Has("num_local_experts") ? "num_local_experts" : "num_experts", family.NumExperts),
            NumExpertsPerToken = config.PositiveInt("num_experts_per_tok", family.NumExpertsPerToken),
            MoeIntermediateSize = mixtral ? result.IntermediateSize : config.PositiveInt("moe_intermediate_size", family.MoeIntermediateSize),
            SharedExpertIntermediateSize = family.SharedExpertIntermediateSize == 0 ? 0
                : config.PositiveInt("shared_expert_intermediate_size", family.SharedExpertIntermediateSize),
            NormTopkProb = mixtral || config.Bool("norm_topk_prob") == true,
            DecoderSparseStep = mixtral ? 1 : config.PositiveInt("decoder_sparse_step", 1),
            MlpOnlyLayers = mixtral ? [] : config.IntList("mlp_only_layers") ?? [],
        };
    }
}
