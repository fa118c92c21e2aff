using Grid.Engine.Configuration;
using Grid.Engine.Kernels;

namespace Grid.Engine.Layers;

/// <summary>The names that config.json has for activation functions.</summary>
internal static class Activations
{
    private static readonly Dictionary<string, Activation> Names = new(StringComparer.Ordinal)
    {
        ["silu"] = Activation.Silu,
        ["swish"] = Activation.Silu,
        ["gelu"] = Activation.Gelu,
        ["gelu_new"] = Activation.GeluTanh,
        ["gelu_fast"] = Activation.GeluTanh,
        ["gelu_pytorch_tanh"] = Activation.GeluTanh,
        ["relu"] = Activation.Relu,
    };

    /// <exception cref="ModelLoadException">The activation function is not supported.</exception>
    public static Activation Parse(string name) => Names.TryGetValue(name, out var activation)
        ? activation
        : throw new ModelLoadException($"Activation function {name} is not supported. Supported: {string.Join(", ", Names.Keys)}.");
}
