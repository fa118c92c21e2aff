using Grid.Engine.Layers;

namespace Grid.Engine.Models;

/// <summary>Llama 2 and 3, SmolLM and their like.</summary>
internal static class LlamaForCausalLM
{
    public static ICausalLM Create(LayerContext context) => new RotaryDecoder(
        context,
        (_, prefix) => new GatedMlp(context, prefix + "mlp.", GatedMlp.Names, context.Config.IntermediateSize, "intermediate_size"));
}
