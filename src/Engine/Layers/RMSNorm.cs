using Grid.Engine.Kernels;
using static TorchSharp.torch;

namespace Grid.Engine.Layers;

/// <summary>Root mean square norm (https://arxiv.org/abs/1910.07467), joined with the addition before it.</summary>
internal sealed class RMSNorm(LayerContext context, string name, int width) : INorm
{
    private readonly IKernels _kernels = context.Kernels;
    private readonly Tensor _weight = context.Place(context.Weights.Vector(name + ".weight", width));
    private readonly float _epsilon = context.Config.NormEps;
    private readonly ScalarType _type = context.Type;

    /// <summary>Adds <paramref name="delta"/> to the residual stream and returns the norm of the sum.</summary>
    public Tensor Forward(Tensor residual, Tensor? delta) => _kernels.RMSNorm(residual, delta, _weight, _epsilon, _type);
}
