using Grid.Engine.Configuration;

namespace Grid.Engine.Models.Families;

/// <summary>Qwen2 and 2.5: Llama with biases on query, key and value.</summary>
internal sealed class Qwen2 : RotaryFamily
{
    public override string Architecture => "Qwen2ForCausalLM";

    public override string ModelType => "qwen2";

    public override string GgufArchitecture => ModelType;

    protected override ConfigDefaults Defaults { get; } =
        new() { MaxPositionEmbeddings = 32768, SlidingWindow = 4096, MaxWindowLayers = 28 };

    protected override (bool Inputs, bool Output) ReadAttentionBiases(ConfigObject config) => (true, false);

    protected override bool UsesSlidingWindow(ConfigObject config) => config.Bool("use_sliding_window") == true;
}
