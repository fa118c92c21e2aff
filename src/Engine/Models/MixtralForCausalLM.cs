using Grid.Engine.Layers;
using Grid.Engine.Layers.Experts;

namespace Grid.Engine.Models;

/// <summary>Mistral with a mixture of experts in every layer.</summary>
internal static class MixtralForCausalLM
{
    /// <summary>Its experts have names of their own.</summary>
    public static ExpertNames Experts { get; } = new("block_sparse_moe.", "w1", "w3", "w2");

    public static ICausalLM Create(LayerContext context) =>
        new RotaryDecoder(context, (layer, _) => new SparseMoeBlock(context, layer, Experts));
}
