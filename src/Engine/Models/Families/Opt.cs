using Grid.Engine.Attention;
using Grid.Engine.Configuration;
using Grid.Engine.Kernels;
using Grid.Engine.Layers;
using static TorchSharp.torch;

namespace Grid.Engine.Models.Families;

/// <summary>OPT: learned positions after two unused rows, norms before or after each block, an embedding that may be projected.</summary>
internal sealed class Opt : ModelFamily
{
    private const string Prefix = "model.decoder.";
    private const int UnusedPositions = 2;

    public override string Architecture => "OPTForCausalLM";

    public override string ModelType => "opt";

    protected override ConfigDefaults Defaults { get; } = new()
    {
        MaxPositionEmbeddings = 2048, NormEps = 1e-5f, TieWordEmbeddings = true, BosTokenId = 2, EosTokenId = 2,
    };

    protected override string MlpWidthName => "ffn_dim";

    public override ModelConfig ReadConfig(ConfigObject config)
    {
        if (config.Bool("layer_norm_elementwise_affine") == false)
            throw new ModelLoadException($"{config.Source}: layer_norm_elementwise_affine must be true; got false.");
        var hiddenSize = config.PositiveInt("hidden_size");
        var heads = config.PositiveInt("num_attention_heads");
        var bias = config.Bool("enable_bias") ?? true;
        var result = new ModelConfig
        {
            Architecture = Architecture,
            ModelType = ModelType,
            VocabSize = config.PositiveInt("vocab_size"),
            HiddenSize = hiddenSize,
            IntermediateSize = config.PositiveInt("ffn_dim"),
            NumHiddenLayers = config.PositiveInt("num_hidden_layers", most: ModelConfigRules.MaxLayers),
            NumAttentionHeads = heads,
            NumKeyValueHeads = heads,
            HeadDim = ModelConfigRules.DeriveHeadDim(config.Source, hiddenSize, heads),
            MaxPositionEmbeddings = config.PositiveInt("max_position_embeddings", Defaults.MaxPositionEmbeddings),
            HiddenAct = config.String("activation_function") ?? "relu",
            NormEps = Defaults.NormEps,
            AttentionBias = bias,
            AttentionOutputBias = bias,
            MlpBias = bias,
            DoLayerNormBefore = config.Bool("do_layer_norm_before") ?? true,
            RemoveFinalLayerNorm = config.Bool("_remove_final_layer_norm") ?? false,
            WordEmbedProjDim = config.PositiveInt("word_embed_proj_dim", hiddenSize),
        };
        return Complete(result, config);
    }

    public override ICausalLM Create(LayerContext context) => new Decoder(
        context,
        () => CreateEmbedding(context),
        layer => CreateLayer(context, layer, $"{Prefix}layers.{layer}."),
        () => CreateHead(context));

    public override IEnumerable<WeightPart> CountEmbedding(ModelConfig config)
    {
        yield return CountHead(config);
        yield return new((long)(config.MaxPositionEmbeddings + UnusedPositions) * config.HiddenSize, WeightDivision.Replicated);
        if (IsProjected(config)) yield return CountProjection(config);
    }

    public override IEnumerable<WeightPart> CountLayer(ModelConfig config, int layer) =>
    [
        new(4L * config.HiddenSize, WeightDivision.Replicated),
        .. WeightParts.Attention(config),
        .. WeightParts.Mlp(config, config.IntermediateSize, inputs: 1),
    ];

    public override IEnumerable<WeightPart> CountFinal(ModelConfig config)
    {
        if (IsProjected(config)) yield return CountProjection(config);
        if (HasFinalNorm(config)) yield return new(2L * config.HiddenSize, WeightDivision.Replicated);
    }

    public override WeightPart CountHead(ModelConfig config) =>
        new((long)config.VocabSize * EmbeddingWidth(config), WeightDivision.Vocabulary);

    private static int EmbeddingWidth(ModelConfig config) => config.WordEmbedProjDim ?? config.HiddenSize;

    private static bool IsProjected(ModelConfig config) => EmbeddingWidth(config) != config.HiddenSize;

    private static bool HasFinalNorm(ModelConfig config) => config.DoLayerNormBefore && !config.RemoveFinalLayerNorm;

    private static WeightPart CountProjection(ModelConfig config) =>
        new((long)EmbeddingWidth(config) * config.HiddenSize, WeightDivision.Replicated);

    private static Func<ForwardContext, Tensor> CreateEmbedding(LayerContext context)
    {
        var (config, kernels, type) = (context.Config, context.Kernels, context.Type);
        var width = EmbeddingWidth(config);
        var tokens = new VocabParallelEmbedding(context, Prefix + "embed_tokens", config.VocabSize, width);
        var positions = new PositionEmbedding(context, Prefix + "embed_positions", UnusedPositions);
        var projection = IsProjected(config) ? new ReplicatedLinear(context, Prefix + "project_in", width, config.HiddenSize) : null;
        return step =>
        {
            var residual = Project(tokens.Forward(step.TokenIds));
            positions.AddTo(residual, step.Positions, step.NumPositions);
            return residual;
        };

        Tensor Project(Tensor rows)
        {
            if (projection is null) return rows;
            using (rows)
            {
                using var narrow = kernels.Cast(rows, type);
                using var projected = projection.Forward(narrow);
                return kernels.Cast(projected, ScalarType.Float32);
            }
        }
    }

    private static Func<HiddenStates, Tensor> CreateHead(LayerContext context)
    {
        var (config, kernels, type) = (context.Config, context.Kernels, context.Type);
        var width = EmbeddingWidth(config);
        var projection = IsProjected(config) ? new ReplicatedLinear(context, Prefix + "project_out", config.HiddenSize, width) : null;
        var norm = HasFinalNorm(config) ? new LayerNorm(context, Prefix + "final_layer_norm", config.HiddenSize) : null;
        var head = new ParallelLMHead(context, "lm_head", Prefix + "embed_tokens", width);
        return hidden =>
        {
            using var last = Last(hidden);
            if (projection is null) return head.Forward(last);
            using var projected = projection.Forward(last);
            return head.Forward(projected);
        };

        Tensor Last(HiddenStates hidden)
        {
            if (norm is not null) return norm.Forward(hidden.Residual, hidden.Delta);
            if (hidden.Delta is not null) kernels.Add(hidden.Residual, hidden.Delta);
            return kernels.Cast(hidden.Residual, type);
        }
    }

    private IDecoderLayer CreateLayer(LayerContext context, int layer, string prefix)
    {
        var config = context.Config;
        var width = config.HiddenSize;
        var attentionNorm = new LayerNorm(context, prefix + "self_attn_layer_norm", width);
        var qkv =
            QKVParallelLinear.Separate(context, prefix + "self_attn.q_proj", prefix + "self_attn.k_proj", prefix + "self_attn.v_proj");
        var output = new RowParallelLinear(context, prefix + "self_attn.out_proj", width, width, "hidden_size", config.AttentionOutputBias);
        var attention = new SelfAttention(layer - context.Stage.Layers.Start, qkv, output, config.WindowOf(layer));
        var mlpNorm = new LayerNorm(context, prefix + "final_layer_norm", width);
        var mlp = new PlainMlp(context, prefix + "fc1", prefix + "fc2", MlpWidthName, transposed: false);
        return config.DoLayerNormBefore
            ? new PreNormLayer(attentionNorm, attention, mlpNorm, mlp)
            : new PostNormLayer(context, attentionNorm, attention, mlpNorm, mlp);
    }

    /// <summary>The layer of opt-350m, whose norms come after the additions.</summary>
    private sealed class PostNormLayer(
        LayerContext context, LayerNorm attentionNorm, SelfAttention attention, LayerNorm mlpNorm, PlainMlp mlp) : IDecoderLayer
    {
        private readonly IKernels _kernels = context.Kernels;
        private readonly ScalarType _type = context.Type;

        public HiddenStates Forward(HiddenStates hidden, ForwardContext step)
        {
            using (hidden)
            {
                using var x = _kernels.Cast(hidden.Residual, _type);
                using var attended = attention.Forward(x, step);
                using var residual = attentionNorm.ForwardResidual(hidden.Residual, attended);
                using var y = _kernels.Cast(residual, _type);
                using var delta = mlp.Forward(y);
                return new HiddenStates(mlpNorm.ForwardResidual(residual, delta), null);
            }
        }
    }
}
