using Grid.Engine.Geometry;
using Grid.Engine.Kernels;
using static TorchSharp.torch;

namespace Grid.Engine.Layers;

/// <summary>A table of learned positions.</summary>
/// <param name="context">Configuration, checkpoint, kernels and placement of the shard.</param>
/// <param name="name">Name in the checkpoint, without <c>.weight</c>.</param>
/// <param name="offset">Number of rows before that of position 0.</param>
internal sealed class PositionEmbedding(LayerContext context, string name, int offset)
{
    private readonly IKernels _kernels = context.Kernels;
    private readonly int _count = context.Config.MaxPositionEmbeddings;
    private readonly Tensor _table = context.Place(context.Weights.Table(
        name + ".weight",
        context.Config.MaxPositionEmbeddings + offset,
        context.Config.HiddenSize,
        context.Type,
        new Slice(offset, context.Config.MaxPositionEmbeddings)));

    /// <summary>Adds each row's position to the residual stream.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no row for a position.</exception>
    public void AddTo(Tensor residual, Tensor positions, int numPositions)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(numPositions, _count);
        using var rows = _kernels.Embed(_table, positions);
        _kernels.Add(residual, rows);
    }
}
