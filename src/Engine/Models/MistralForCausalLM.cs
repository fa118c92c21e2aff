using Grid.Engine.Layers;

namespace Grid.Engine.Models;

/// <summary>Llama with a sliding window, which the config carries.</summary>
internal static class MistralForCausalLM
{
    public static ICausalLM Create(LayerContext context) => new RotaryDecoder(context, (_, prefix) => LlamaForCausalLM.Mlp(context, prefix));
}
