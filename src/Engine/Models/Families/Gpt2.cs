using Grid.Engine.Configuration;
using Grid.Engine.Layers;
using Grid.Engine.Weights.Gguf;

namespace Grid.Engine.Models.Families;

/// <summary>GPT-2: learned positions, layer norms before each block, and weights stored as [in, out].</summary>
internal sealed class Gpt2 : ModelFamily
{
    public override string Architecture => "GPT2LMHeadModel";

    public override string ModelType => "gpt2";

    public override string GgufArchitecture => ModelType;

    public override string TensorPrefix => "transformer.";

    protected override ConfigDefaults Defaults { get; } = new()
    {
        MaxPositionEmbeddings = 1024, NormEps = 1e-5f, TieWordEmbeddings = true, BosTokenId = 50256, EosTokenId = 50256,
    };

    protected override string MlpWidthName => "n_inner";

    // Where Hugging Face has a Conv1D, GGUF files have its transpose.
    public override GgufTensorMap GgufTensors => new(
        "transformer.h.",
        new()
        {
            ["token_embd"] = "transformer.wte",
            ["position_embd"] = "transformer.wpe",
            ["output_norm"] = "transformer.ln_f",
            ["output"] = "lm_head",
        },
        new()
        {
            ["attn_norm"] = "ln_1",
            ["attn_qkv"] = "attn.c_attn",
            ["attn_output"] = "attn.c_proj",
            ["ffn_norm"] = "ln_2",
            ["ffn_up"] = "mlp.c_fc",
            ["ffn_down"] = "mlp.c_proj",
        })
    {
        Transposed = ["attn_qkv", "attn_output", "ffn_up", "ffn_down"],
    };

    public override ModelConfig ReadConfig(ConfigObject config)
    {
        if (config.Bool("scale_attn_weights") == false)
            throw new ModelLoadException($"{config.Source}: scale_attn_weights must be true; got false.");
        if (config.Bool("scale_attn_by_inverse_layer_idx") == true)
            throw new ModelLoadException($"{config.Source}: scale_attn_by_inverse_layer_idx must be false; got true.");
        var hiddenSize = config.PositiveInt("n_embd");
        var heads = config.PositiveInt("n_head");
        var result = new ModelConfig
        {
            Architecture = Architecture,
            ModelType = ModelType,
            VocabSize = config.PositiveInt("vocab_size"),
            HiddenSize = hiddenSize,
            IntermediateSize = config.PositiveInt("n_inner", (int)Math.Min(4L * hiddenSize, int.MaxValue)),
            NumHiddenLayers = config.PositiveInt("n_layer", most: ModelConfigRules.MaxLayers),
            NumAttentionHeads = heads,
            NumKeyValueHeads = heads,
            HeadDim = ModelConfigRules.DeriveHeadDim(config.Source, hiddenSize, heads),
            MaxPositionEmbeddings = config.PositiveInt("n_positions", config.Int("n_ctx") ?? Defaults.MaxPositionEmbeddings),
            HiddenAct = config.String("activation_function") ?? "gelu_new",
            NormEps = (float)(config.PositiveDouble("layer_norm_epsilon") ?? Defaults.NormEps),
            AttentionBias = true,
            AttentionOutputBias = true,
            MlpBias = true,
        };
        return Complete(result, config);
    }

    public override ModelConfig ReadGguf(GgufFile file) =>
        GgufShape.Read(file, this, "layer_norm_epsilon", Defaults.NormEps) with { HiddenAct = "gelu_new" };

    public override ICausalLM Create(LayerContext context)
    {
        var config = context.Config;
        return new Decoder(
            context,
            () =>
            {
                var tokens = new VocabParallelEmbedding(context, "transformer.wte", config.VocabSize, config.HiddenSize);
                var positions = new PositionEmbedding(context, "transformer.wpe", offset: 0);
                return step =>
                {
                    var residual = tokens.Forward(step.TokenIds);
                    positions.AddTo(residual, step.Positions, step.NumPositions);
                    return residual;
                };
            },
            layer => CreateLayer(context, layer, $"transformer.h.{layer}."),
            () => Decoder.NormAndHead(
                new LayerNorm(context, "transformer.ln_f", config.HiddenSize),
                new ParallelLMHead(context, "lm_head", "transformer.wte", config.HiddenSize)));
    }

    public override IEnumerable<WeightPart> CountEmbedding(ModelConfig config) =>
        [CountHead(config), new((long)config.MaxPositionEmbeddings * config.HiddenSize, WeightDivision.Replicated)];

    public override IEnumerable<WeightPart> CountLayer(ModelConfig config, int layer) =>
    [
        new(4L * config.HiddenSize, WeightDivision.Replicated),
        .. WeightParts.Attention(config),
        .. WeightParts.Mlp(config, config.IntermediateSize, inputs: 1),
    ];

    public override IEnumerable<WeightPart> CountFinal(ModelConfig config) => [new(2L * config.HiddenSize, WeightDivision.Replicated)];

    private PreNormLayer CreateLayer(LayerContext context, int layer, string prefix)
    {
        var config = context.Config;
        var width = config.HiddenSize;
        var attentionNorm = new LayerNorm(context, prefix + "ln_1", width);
        var qkv = QKVParallelLinear.FusedTransposed(context, prefix + "attn.c_attn");
        var output = new RowParallelLinear(
            context, prefix + "attn.c_proj", width, width, "n_embd", config.AttentionOutputBias, transposed: true);
        return new PreNormLayer(
            attentionNorm,
            new SelfAttention(layer - context.Stage.Layers.Start, qkv, output, config.WindowOf(layer)),
            new LayerNorm(context, prefix + "ln_2", width),
            new PlainMlp(context, prefix + "mlp.c_fc", prefix + "mlp.c_proj", MlpWidthName, transposed: true));
    }
}
