using Grid.Engine.Configuration;

namespace Grid.Engine.Models.Configuration;

/// <summary>OPT's own key names.</summary>
internal static class OptConfigReader
{
    public static ModelConfig Read(ConfigObject config, ModelFamily family)
    {
        if (config.Bool("layer_norm_elementwise_affine") == false)
            throw new ModelLoadException($"{config.Source}: layer_norm_elementwise_affine must be true and is false.");
        var hiddenSize = config.PositiveInt("hidden_size");
        var heads = config.PositiveInt("num_attention_heads");
        var bias = config.Bool("enable_bias") ?? true;
        var result = new ModelConfig
        {
            Architecture = family.Architecture,
            ModelType = family.ModelType,
            VocabSize = config.PositiveInt("vocab_size"),
            HiddenSize = hiddenSize,
            IntermediateSize = config.PositiveInt("ffn_dim"),
            NumHiddenLayers = config.PositiveInt("num_hidden_layers", most: ModelConfigReader.MaxLayers),
            NumAttentionHeads = heads,
            NumKeyValueHeads = heads,
            HeadDim = ModelConfigReader.DeriveHeadDim(config.Source, hiddenSize, heads),
            MaxPositionEmbeddings = config.PositiveInt("max_position_embeddings", family.MaxPositionEmbeddings),
            HiddenAct = config.String("activation_function") ?? "relu",
            NormEps = family.NormEps,
            AttentionBias = bias,
            AttentionOutputBias = bias,
            MlpBias = bias,
            DoLayerNormBefore = config.Bool("do_layer_norm_before") ?? true,
            RemoveFinalLayerNorm = config.Bool("_remove_final_layer_norm") ?? false,
            WordEmbedProjDim = config.PositiveInt("word_embed_proj_dim", hiddenSize),
        };
        return ModelConfigReader.WithCommon(result, config, family);
    }
}
