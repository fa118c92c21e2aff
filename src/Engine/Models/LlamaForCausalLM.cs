using Grid.Engine.Layers;

namespace Grid.Engine.Models;

/// <summary>Llama 2 and 3, SmolLM and their like.</summary>
internal static class LlamaForCausalLM
{
    public static ICausalLM Create(LayerContext context) => new RotaryDecoder(context, (_, prefix) => Mlp(context, prefix));

    /// <summary>The dense MLP, which most families took over.</summary>
    public static GatedMlp Mlp(LayerContext context, string prefix) =>
        new(context, prefix + "mlp.", GatedMlp.Names, context.Config.IntermediateSize, "intermediate_size");
}
