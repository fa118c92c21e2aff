using Grid.Engine.Geometry;
using Grid.Engine.Linears;
using Grid.Engine.Weights;
using static TorchSharp.torch;

namespace Grid.Engine.Layers;

/// <summary>A linear whose outputs are divided over the shards.</summary>
internal class ColumnParallelLinear
{
    private readonly ILinear _linear;

    /// <param name="context">Configuration, checkpoint, kernels and placement of the shard.</param>
    /// <param name="inputs">Width of the input.</param>
    /// <param name="bias">Whether it has a bias.</param>
    protected ColumnParallelLinear(LayerContext context, int inputs, bool bias, ReadOnlySpan<LinearPart> parts)
    {
        var weight = context.Weights.Weight(parts, inputs, Slice.All(inputs), context.Type);
        _linear = context.Own(context.Linears.Create(weight, bias ? context.Weights.Bias(parts, context.Type) : null));
    }

    /// <param name="context">Configuration, checkpoint, kernels and placement of the shard.</param>
    /// <param name="name">Its name in the checkpoint.</param>
    /// <param name="inputs">Width of the input.</param>
    /// <param name="outputs">Width of the output over all shards.</param>
    /// <param name="widthName">The output width's name in config.json.</param>
    /// <param name="bias">Whether it has a bias.</param>
    /// <param name="transposed">Whether the checkpoint stores the weight as [in, out].</param>
    public ColumnParallelLinear(LayerContext context, string name, int inputs, int outputs, string widthName, bool bias,
        bool transposed = false)
        : this(context, inputs, bias, [new LinearPart(name, outputs, context.TensorSlice.Of(outputs, widthName), transposed)])
    {
    }

    /// <summary>This shard's outputs.</summary>
    public Tensor Forward(Tensor x) => _linear.Forward(x);
}
