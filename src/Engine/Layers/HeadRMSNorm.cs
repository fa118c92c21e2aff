using Grid.Engine.Geometry;
using Grid.Engine.Kernels;
using static TorchSharp.torch;

namespace Grid.Engine.Layers;

/// <summary>An RMS norm over each query or key head.</summary>
internal sealed class HeadRMSNorm(LayerContext context, string name, HeadRange heads)
{
    private readonly IKernels _kernels = context.Kernels;
    private readonly Tensor _weight = context.Place(context.Weights.Vector(name + ".weight", heads.Width));
    private readonly float _epsilon = context.Config.NormEps;

    /// <summary>Normalises the heads in place.</summary>
    public void Forward(Tensor qkv) => _kernels.HeadRMSNorm(qkv, heads, _weight, _epsilon);
}
