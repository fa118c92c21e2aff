using Grid.Engine.Collectives;
using Grid.Engine.Geometry;
using Grid.Engine.Kernels;
using static TorchSharp.torch;

namespace Grid.Engine.Layers;

/// <summary>Rows of a table for token ids, divided over the shards by ids.</summary>
internal sealed class VocabParallelEmbedding
{
    private readonly IKernels _kernels;
    private readonly Tensor _table;
    private readonly Slice _rows;
    private readonly ICommunicator _group;

    /// <param name="context">Configuration, checkpoint, kernels and placement of the shard.</param>
    /// <param name="name">Its name in the checkpoint, without <c>.weight</c>.</param>
    /// <param name="rows">Number of token ids.</param>
    /// <param name="width">Width of a row.</param>
    public VocabParallelEmbedding(LayerContext context, string name, int rows, int width)
    {
        _kernels = context.Kernels;
        _group = context.TensorGroup;
        (_rows, var padded) = context.TensorSlice.OfVocabulary(rows);
        _table = context.Place(PaddedRows.Of(context.Weights.Table(name + ".weight", rows, width, context.Type, _rows), padded));
    }

    /// <summary>New float32 rows: the beginning of a residual stream.</summary>
    public Tensor Forward(Tensor ids)
    {
        if (_group.Size == 1) return _kernels.Embed(_table, ids);
        using var local = ids - _rows.Start;
        using var elsewhere = local.lt(0).logical_or_(local.ge(_rows.Length));
        local.masked_fill_(elsewhere, 0);
        var rows = _kernels.Embed(_table, local);
        using var mask = elsewhere.unsqueeze(1);
        rows.masked_fill_(mask, 0);
        _group.AllReduce(rows);
        return rows;
    }
}
