using Grid.Engine.Configuration;

namespace Grid.Engine.Models.Configuration;

/// <summary>GPT-2's own key names.</summary>
internal static class Gpt2ConfigReader
{
    public static ModelConfig Read(ConfigObject config, ModelFamily family)
    {
        if (config.Bool("scale_attn_weights") == false) throw new ModelLoadException($"{config.Source}: scale_attn_weights must be true and is false.");
        if (config.Bool("scale_attn_by_inverse_layer_idx") == true)
            throw new ModelLoadException($"{config.Source}: scale_attn_by_inverse_layer_idx must be false and is true.");
        var hiddenSize = config.PositiveInt("n_embd");
        var heads = config.PositiveInt("n_head");
        var result = new ModelConfig
        {
            Architecture = family.Architecture,
            ModelType = family.ModelType,
            VocabSize = config.PositiveInt("vocab_size"),
            HiddenSize = hiddenSize,
            IntermediateSize = config.PositiveInt("n_inner", (int)Math.Min(4L * hiddenSize, int.MaxValue)),
            NumHiddenLayers = config.PositiveInt("n_layer", most: ModelConfigReader.MaxLayers),
            NumAttentionHeads = heads,
            NumKeyValueHeads = heads,
            HeadDim = ModelConfigReader.DeriveHeadDim(config.Source, hiddenSize, heads),
            MaxPositionEmbeddings = config.PositiveInt("n_positions", config.Int("n_ctx") ?? family.MaxPositionEmbeddings),
            HiddenAct = config.String("activation_function") ?? "gelu_new",
            NormEps = (float)(config.PositiveDouble("layer_norm_epsilon") ?? family.NormEps),
            AttentionBias = true,
            AttentionOutputBias = true,
            MlpBias = true,
        };
        return ModelConfigReader.WithCommon(result, config, family);
    }
}
