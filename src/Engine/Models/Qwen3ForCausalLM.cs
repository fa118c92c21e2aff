using Grid.Engine.Layers;

namespace Grid.Engine.Models;

/// <summary>Qwen3: norms of query and key heads.</summary>
internal static class Qwen3ForCausalLM
{
    public static ICausalLM Create(LayerContext context) =>
        new RotaryDecoder(context, (_, prefix) => LlamaForCausalLM.Mlp(context, prefix), headNorms: true);
}
