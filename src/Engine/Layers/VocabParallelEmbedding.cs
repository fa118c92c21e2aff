using Grid.Engine.Kernels;
using static TorchSharp.torch;

namespace Grid.Engine.Layers;

/// <summary>Rows of a table for ids: of tokens, or of positions where these are learned.</summary>
internal sealed class VocabParallelEmbedding
{
    private readonly IKernels _kernels;
    private readonly Tensor _table;

    /// <param name="context">What to build from.</param>
    /// <param name="name">Its name in the checkpoint, without <c>.weight</c>.</param>
    /// <param name="rows">Ids there are.</param>
    /// <param name="width">Width of a row.</param>
    public VocabParallelEmbedding(LayerContext context, string name, int rows, int width)
    {
        _kernels = context.Kernels;
        _table = context.Place(context.Weights.Table(name + ".weight", rows, width, context.Type, Slice.All(rows)));
    }

    /// <summary>New float32 rows: the beginning of a residual stream.</summary>
    public Tensor Forward(Tensor ids) => _kernels.Embed(_table, ids);
}
