using Grid.Engine.Kernels;
using static TorchSharp.torch;

namespace Grid.Engine.Layers;

/// <summary>Layer norm with weight and bias, joined with the addition before it.</summary>
internal sealed class LayerNorm(LayerContext context, string name, int width) : INorm
{
    private readonly IKernels _kernels = context.Kernels;
    private readonly Tensor _weight = context.Place(context.Weights.Vector(name + ".weight", width));
    private readonly Tensor _bias = context.Place(context.Weights.Vector(name + ".bias", width));
    private readonly float _epsilon = context.Config.NormEps;
    private readonly ScalarType _type = context.Type;

    /// <summary>Adds <paramref name="delta"/> to the residual stream and returns the norm of the sum, in the model's type.</summary>
    public Tensor Forward(Tensor residual, Tensor? delta) => _kernels.LayerNorm(residual, delta, _weight, _bias, _epsilon, _type);

    /// <summary>The same as a residual stream of its own, where the norm comes after the block.</summary>
    public Tensor ForwardResidual(Tensor residual, Tensor? delta) =>
        _kernels.LayerNorm(residual, delta, _weight, _bias, _epsilon, ScalarType.Float32);
}
