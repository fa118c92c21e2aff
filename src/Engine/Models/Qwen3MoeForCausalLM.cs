using Grid.Engine.Layers;
using Grid.Engine.Layers.Experts;

namespace Grid.Engine.Models;

/// <summary>Qwen3 with experts in some layers.</summary>
internal static class Qwen3MoeForCausalLM
{
    public static ICausalLM Create(LayerContext context) => new RotaryDecoder(
        context,
        (layer, prefix) => context.Config.IsMoeLayer(layer)
            ? new SparseMoeBlock(context, layer, ExpertNames.Default)
            : LlamaForCausalLM.Mlp(context, prefix),
        headNorms: true);
}
