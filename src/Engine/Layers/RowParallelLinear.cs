using Grid.Engine.Collectives;
using Grid.Engine.Geometry;
using Grid.Engine.Linears;
using Grid.Engine.Weights;
using static TorchSharp.torch;

namespace Grid.Engine.Layers;

/// <summary>A linear whose inputs are divided over the shards; the outputs are the sum over them.</summary>
internal sealed class RowParallelLinear
{
    private readonly ILinear _linear;
    private readonly ICommunicator _group;

    /// <param name="context">Configuration, checkpoint, kernels and placement of the shard.</param>
    /// <param name="name">Its name in the checkpoint.</param>
    /// <param name="inputs">Width of the input over all shards.</param>
    /// <param name="outputs">Width of the output.</param>
    /// <param name="widthName">The input width's name in config.json.</param>
    /// <param name="bias">Whether it has a bias.</param>
    /// <param name="transposed">Whether the checkpoint stores the weight as [in, out].</param>
    public RowParallelLinear(LayerContext context, string name, int inputs, int outputs, string widthName, bool bias,
        bool transposed = false)
    {
        LinearPart[] parts = [new LinearPart(name, outputs, Slice.All(outputs), transposed)];
        var weight = context.Weights.Weight(parts, inputs, context.TensorSlice.Of(inputs, widthName), context.Type);
        _group = context.TensorGroup;
        // The bias must enter the sum over the shards once.
        _linear = context.Own(context.Linears.Create(weight, bias && _group.Index == 0 ? context.Weights.Bias(parts, context.Type) : null));
    }

    /// <summary>The whole output.</summary>
    public Tensor Forward(Tensor x)
    {
        var output = ForwardPart(x);
        if (_group.Size > 1) _group.AllReduce(output);
        return output;
    }

    /// <summary>What this shard adds to the output, for callers that add up more than one before they ask the others.</summary>
    public Tensor ForwardPart(Tensor x) => _linear.Forward(x);
}
