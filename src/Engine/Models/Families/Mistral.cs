using Grid.Engine.Configuration;

namespace Grid.Engine.Models.Families;

/// <summary>Llama with a sliding window. Its GGUF files say that they are Llama.</summary>
internal sealed class Mistral : RotaryFamily
{
    public override string Architecture => "MistralForCausalLM";

    public override string ModelType => "mistral";

    protected override ConfigDefaults Defaults { get; } =
        new() { NumKeyValueHeads = 8, BosTokenId = 1, EosTokenId = 2, SlidingWindow = 4096 };
}
