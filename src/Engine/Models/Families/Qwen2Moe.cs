using Grid.Engine.Configuration;
using Grid.Engine.Weights.Gguf;

namespace Grid.Engine.Models.Families;

/// <summary>Qwen2 with experts in some layers, and one expert that all tokens share.</summary>
internal sealed class Qwen2Moe : RotaryFamily
{
    public override string Architecture => "Qwen2MoeForCausalLM";

    public override string ModelType => "qwen2_moe";

    public override string GgufArchitecture => "qwen2moe";

    protected override ConfigDefaults Defaults { get; } = new()
    {
        MaxPositionEmbeddings = 32768, SlidingWindow = 4096, MaxWindowLayers = 28,
        NumExperts = 60, NumExpertsPerToken = 4, MoeIntermediateSize = 1408, SharedExpertIntermediateSize = 5632,
    };

    protected override (bool Inputs, bool Output) ReadAttentionBiases(ConfigObject config) => (config.Bool("qkv_bias") ?? true, false);

    protected override bool UsesSlidingWindow(ConfigObject config) => config.Bool("use_sliding_window") == true;

    protected override ModelConfig ReadExperts(ModelConfig result, ConfigObject config)
    {
        var shared = config.PositiveInt("shared_expert_intermediate_size", Defaults.SharedExpertIntermediateSize);
        return ReadSparseLayers(result, config) with { SharedExpertIntermediateSize = shared };
    }

    // ggml's graph of this family alone leaves the chosen experts' probabilities as they are.
    protected override ModelConfig ReadGgufExperts(ModelConfig result, GgufMetadata metadata, int experts)
    {
        var shared = metadata.PositiveInt($"{GgufArchitecture}.expert_shared_feed_forward_length", result.IntermediateSize);
        return base.ReadGgufExperts(result, metadata, experts) with { SharedExpertIntermediateSize = shared, NormTopkProb = false };
    }
}
