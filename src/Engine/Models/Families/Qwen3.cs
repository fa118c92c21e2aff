using Grid.Engine.Configuration;

namespace Grid.Engine.Models.Families;

/// <summary>Qwen3: Llama with norms of query and key heads.</summary>
internal sealed class Qwen3 : RotaryFamily
{
    public override string Architecture => "Qwen3ForCausalLM";

    public override string ModelType => "qwen3";

    public override string GgufArchitecture => ModelType;

    protected override ConfigDefaults Defaults { get; } = new()
    {
        MaxPositionEmbeddings = 32768, SlidingWindow = 4096, MaxWindowLayers = 28, HeadDim = 128,
    };

    protected override bool HasHeadNorms => true;

    protected override (bool Inputs, bool Output) ReadAttentionBiases(ConfigObject config) =>
        config.Bool("attention_bias") == true ? (true, true) : (false, false);

    protected override bool UsesSlidingWindow(ConfigObject config) => config.Bool("use_sliding_window") == true;
}
