using Grid.Engine.Layers;
using Grid.Engine.Layers.Experts;

namespace Grid.Engine.Models;

/// <summary>Mistral with a mixture of experts in every layer.</summary>
internal static class MixtralForCausalLM
{
    public static ICausalLM Create(LayerContext context) =>
        new RotaryDecoder(context, (_, prefix) => new SparseMoeBlock(context, prefix + "block_sparse_moe.", ("w1", "w3", "w2")));
}
