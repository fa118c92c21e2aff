using Grid.Engine.Layers;
using Grid.Engine.Layers.Experts;

namespace Grid.Engine.Models;

/// <summary>Qwen2 with experts in some layers, and one that all tokens share.</summary>
internal static class Qwen2MoeForCausalLM
{
    public static ICausalLM Create(LayerContext context) => new RotaryDecoder(context, (layer, prefix) => context.Config.IsMoeLayer(layer)
        ? new SparseMoeBlock(context, layer, ExpertNames.Default) { Shared = Shared(context, prefix + "mlp.") }
        : LlamaForCausalLM.Mlp(context, prefix));

    private static SharedExpert? Shared(LayerContext context, string prefix) =>
        context.Config.SharedExpertIntermediateSize > 0 ? new SharedExpert(context, prefix) : null;
}
