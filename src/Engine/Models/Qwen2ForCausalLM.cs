using Grid.Engine.Layers;

namespace Grid.Engine.Models;

/// <summary>Qwen2 and 2.5: Llama with biases on query, key and value, which the config carries.</summary>
internal static class Qwen2ForCausalLM
{
    public static ICausalLM Create(LayerContext context) => new RotaryDecoder(context, (_, prefix) => LlamaForCausalLM.Mlp(context, prefix));
}
