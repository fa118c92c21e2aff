using Grid.Engine.Configuration;
using Grid.Engine.Layers;
using Grid.Engine.Layers.Experts;

namespace Grid.Engine.Models;

/// <summary>The families, by the first of <c>architectures</c>.</summary>
internal static class ModelRegistry
{
    private static readonly Dictionary<string, Func<LayerContext, ICausalLM>> Families = new(StringComparer.Ordinal)
    {
        ["LlamaForCausalLM"] = LlamaForCausalLM.Create,
        ["MistralForCausalLM"] = MistralForCausalLM.Create,
        ["Qwen2ForCausalLM"] = Qwen2ForCausalLM.Create,
        ["Qwen3ForCausalLM"] = Qwen3ForCausalLM.Create,
        ["GPT2LMHeadModel"] = Gpt2LMHeadModel.Create,
        ["OPTForCausalLM"] = OptForCausalLM.Create,
        ["MixtralForCausalLM"] = MixtralForCausalLM.Create,
        ["Qwen2MoeForCausalLM"] = Qwen2MoeForCausalLM.Create,
        ["Qwen3MoeForCausalLM"] = Qwen3MoeForCausalLM.Create,
    };

    /// <summary>Where a mixture-of-experts family keeps its experts.</summary>
    public static ExpertNames ExpertsOf(ModelConfig config) => config.Architecture == "MixtralForCausalLM" ? MixtralForCausalLM.Experts : ExpertNames.Default;

    /// <summary>Builds the model and reads its weights.</summary>
    /// <exception cref="ModelLoadException">The architecture is not supported, or the checkpoint does not fit it.</exception>
    public static ICausalLM Create(LayerContext context) =>
        Families.TryGetValue(context.Config.Architecture, out var create)
            ? create(context)
            : throw new ModelLoadException(
                $"Architecture {context.Config.Architecture} is not supported. Supported: {string.Join(", ", Families.Keys.Order(StringComparer.Ordinal))}.");
}
