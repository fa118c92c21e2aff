using Grid.Engine.Configuration;
using Grid.Engine.Layers;
using Grid.Engine.Models;

namespace Grid.Engine.Tests.Models.Families;

/// <summary>
/// A family that no checkpoint has, with keys, tensor names and a graph of its own: this file is all that adding it takes.
/// </summary>
internal sealed class ToyFamily : ModelFamily
{
    public override string Architecture => "ToyForCausalLM";

    public override string ModelType => "toy";

    public override string TensorPrefix => "toy.";

    protected override ConfigDefaults Defaults { get; } = new() { MaxPositionEmbeddings = 64, NormEps = 1e-5f, EosTokenId = 0 };

    protected override string MlpWidthName => "inner";

    public override ModelConfig ReadConfig(ConfigObject config)
    {
        var (width, heads) = (config.PositiveInt("width"), config.PositiveInt("heads"));
        return Complete(
            new ModelConfig
            {
                Architecture = Architecture,
                ModelType = ModelType,
                VocabSize = config.PositiveInt("vocab"),
                HiddenSize = width,
                IntermediateSize = config.PositiveInt("inner"),
                NumHiddenLayers = config.PositiveInt("depth"),
                NumAttentionHeads = heads,
                NumKeyValueHeads = heads,
                HeadDim = ModelConfigRules.DeriveHeadDim(config.Source, width, heads),
                MaxPositionEmbeddings = Defaults.MaxPositionEmbeddings,
                HiddenAct = "relu",
                NormEps = Defaults.NormEps,
            },
            config);
    }

    public override ICausalLM Create(LayerContext context)
    {
        var config = context.Config;
        return new Decoder(
            context,
            () =>
            {
                var tokens = new VocabParallelEmbedding(context, "toy.tokens", config.VocabSize, config.HiddenSize);
                var positions = new PositionEmbedding(context, "toy.positions", offset: 0);
                return step =>
                {
                    var residual = tokens.Forward(step.TokenIds);
                    positions.AddTo(residual, step.Positions, step.NumPositions);
                    return residual;
                };
            },
            layer => CreateLayer(context, layer, $"toy.{layer}."),
            () => Decoder.NormAndHead(
                new RMSNorm(context, "toy.norm", config.HiddenSize),
                new ParallelLMHead(context, "lm_head", "toy.tokens", config.HiddenSize)));
    }

    public override IEnumerable<WeightPart> CountEmbedding(ModelConfig config) =>
        [CountHead(config), new((long)config.MaxPositionEmbeddings * config.HiddenSize, WeightDivision.Replicated)];

    public override IEnumerable<WeightPart> CountLayer(ModelConfig config, int layer) =>
    [
        new(2L * config.HiddenSize, WeightDivision.Replicated),
        .. WeightParts.Attention(config),
        .. WeightParts.Mlp(config, config.IntermediateSize, inputs: 1),
    ];

    public override IEnumerable<WeightPart> CountFinal(ModelConfig config) => [new(config.HiddenSize, WeightDivision.Replicated)];

    private PreNormLayer CreateLayer(LayerContext context, int layer, string prefix)
    {
        var width = context.Config.HiddenSize;
        var qkv = QKVParallelLinear.Separate(context, prefix + "query", prefix + "key", prefix + "value");
        var output = new RowParallelLinear(context, prefix + "output", width, width, "width", bias: false);
        return new PreNormLayer(
            new RMSNorm(context, prefix + "first_norm", width),
            new SelfAttention(layer - context.Stage.Layers.Start, qkv, output, window: null),
            new RMSNorm(context, prefix + "second_norm", width),
            new PlainMlp(context, prefix + "up", prefix + "down", MlpWidthName, transposed: false));
    }
}
