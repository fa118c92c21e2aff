using Grid.Engine.Configuration;

namespace Grid.Engine.Models.Families;

/// <summary>Qwen3 with experts in some layers.</summary>
internal sealed class Qwen3Moe : RotaryFamily
{
    public override string Architecture => "Qwen3MoeForCausalLM";

    public override string ModelType => "qwen3_moe";

    public override string GgufArchitecture => "qwen3moe";

    protected override ConfigDefaults Defaults { get; } = new()
    {
        MaxPositionEmbeddings = 32768, NumKeyValueHeads = 4, SlidingWindow = 4096,
        NumExperts = 128, NumExpertsPerToken = 8, MoeIntermediateSize = 768,
    };

    protected override bool HasHeadNorms => true;

    protected override (bool Inputs, bool Output) ReadAttentionBiases(ConfigObject config) =>
        config.Bool("attention_bias") == true ? (true, true) : (false, false);

    protected override bool UsesSlidingWindow(ConfigObject config) => config.Bool("use_sliding_window") == true;

    protected override ModelConfig ReadExperts(ModelConfig result, ConfigObject config) => ReadSparseLayers(result, config);
}
