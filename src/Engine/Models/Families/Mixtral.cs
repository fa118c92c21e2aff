using Grid.Engine.Configuration;
using Grid.Engine.Layers.Experts;
using Grid.Engine.Weights.Gguf;

namespace Grid.Engine.Models.Families;

/// <summary>Mistral with a mixture of experts in every layer.</summary>
internal sealed class Mixtral : RotaryFamily
{
    public override string Architecture => "MixtralForCausalLM";

    public override string ModelType => "mixtral";

    public override string GgufArchitecture => Llama.GgufName;

    public override ExpertTensorNames Experts { get; } = new("block_sparse_moe.", "w1", "w3", "w2");

    protected override ConfigDefaults Defaults { get; } = new()
    {
        NumKeyValueHeads = 8, NormEps = 1e-5f, RopeTheta = 1e6, BosTokenId = 1, EosTokenId = 2, NumExperts = 8, NumExpertsPerToken = 2,
    };

    // The experts have no width of their own in config.json.
    protected override string ExpertWidthName => MlpWidthName;

    protected override bool InterleavesHeadsInGguf => true;

    // Older files have a tensor for each expert: blk.0.ffn_gate.3.weight.
    protected override Dictionary<string, string> GgufLayerTensors => new(base.GgufLayerTensors)
    {
        ["ffn_gate"] = Experts.Pattern(Experts.Gate),
        ["ffn_up"] = Experts.Pattern(Experts.Up),
        ["ffn_down"] = Experts.Pattern(Experts.Down),
    };

    public override bool Matches(GgufMetadata metadata) => ExpertCount(metadata) > 0;

    protected override ModelConfig ReadExperts(ModelConfig result, ConfigObject config) =>
        ReadRouting(result, config) with { MoeIntermediateSize = result.IntermediateSize, NormTopkProb = true };
}
