using Grid.Engine.Weights;

namespace Grid.Engine.Layers;

/// <summary>Linears over the same input (gate and up), computed as one.</summary>
internal sealed class MergedColumnParallelLinear : ColumnParallelLinear
{
    /// <param name="context">Configuration, checkpoint, kernels and placement of the shard.</param>
    /// <param name="names">Their names in the checkpoint.</param>
    /// <param name="inputs">Width of the input.</param>
    /// <param name="outputs">Width of each output over all shards.</param>
    /// <param name="widthName">The output width's name in config.json.</param>
    /// <param name="bias">Whether they have biases.</param>
    public MergedColumnParallelLinear(LayerContext context, IEnumerable<string> names, int inputs, int outputs, string widthName, bool bias)
        : base(context, inputs, bias, [.. names.Select(name => new LinearPart(name, outputs, context.TensorSlice.Of(outputs, widthName)))])
    {
    }
}
