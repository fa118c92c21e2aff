using Grid.Engine.Configuration;
using Grid.Engine.Weights.Gguf;

namespace Grid.Engine.Models.Families;

/// <summary>Llama 2 and 3, SmolLM and others of their shape.</summary>
internal sealed class Llama : RotaryFamily
{
    /// <summary>Mixtral's GGUF files have this name too.</summary>
    public const string GgufName = "llama";

    public override string Architecture => "LlamaForCausalLM";

    public override string ModelType => "llama";

    public override string GgufArchitecture => GgufName;

    protected override ConfigDefaults Defaults { get; } = new() { MaxPositionEmbeddings = 2048, BosTokenId = 1, EosTokenId = 2 };

    protected override bool InterleavesHeadsInGguf => true;

    public override bool Matches(GgufMetadata metadata) => ExpertCount(metadata) == 0;

    protected override (bool Inputs, bool Output) ReadAttentionBiases(ConfigObject config) =>
        config.Bool("attention_bias") == true ? (true, true) : (false, false);

    protected override bool ReadMlpBias(ConfigObject config) => config.Bool("mlp_bias") == true;

    protected override bool UsesSlidingWindow(ConfigObject config) => false;
}
