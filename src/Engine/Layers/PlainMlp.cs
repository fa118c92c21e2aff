using Grid.Engine.Kernels;
using static TorchSharp.torch;

namespace Grid.Engine.Layers;

/// <summary>Two linears with an activation function between them.</summary>
internal sealed class PlainMlp(LayerContext context, string first, string second, string widthName, bool transposed) : IMlp
{
    private readonly IKernels _kernels = context.Kernels;
    private readonly Activation _activation = Activations.Parse(context.Config.HiddenAct);
    private readonly ColumnParallelLinear _first = new(
        context, first, context.Config.HiddenSize, context.Config.IntermediateSize, widthName, context.Config.MlpBias, transposed);
    private readonly RowParallelLinear _second = new(
        context, second, context.Config.IntermediateSize, context.Config.HiddenSize, widthName, context.Config.MlpBias, transposed);

    public Tensor Forward(Tensor x)
    {
        using var inner = _first.Forward(x);
        _kernels.Activate(inner, _activation);
        return _second.Forward(inner);
    }
}
