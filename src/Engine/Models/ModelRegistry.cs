using Grid.Engine.Layers;

namespace Grid.Engine.Models;

/// <summary>The families, by the first of <c>architectures</c>.</summary>
internal static class ModelRegistry
{
    private static readonly Dictionary<string, Func<LayerContext, ICausalLM>> Families = new(StringComparer.Ordinal)
    {
        ["LlamaForCausalLM"] = LlamaForCausalLM.Create,
    };

    /// <summary>Builds the model and reads its weights.</summary>
    /// <exception cref="ModelLoadException">The architecture is not supported, or the checkpoint does not fit it.</exception>
    public static ICausalLM Create(LayerContext context) =>
        Families.TryGetValue(context.Config.Architecture, out var create)
            ? create(context)
            : throw new ModelLoadException(
                $"Architecture {context.Config.Architecture} is not supported. Supported: {string.Join(", ", Families.Keys.Order(StringComparer.Ordinal))}.");
}
