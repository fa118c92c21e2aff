using Grid.Engine.Steps;
using static TorchSharp.torch;

namespace Grid.Engine.Attention;

/// <summary>Neighbouring requests of a step that attend in one call, each with the same number of rows, padded to the longest.</summary>
internal sealed class SdpaBatch : IDisposable
{
    private readonly KVCacheShape _shape;
    private readonly Dictionary<int, Tensor> _masks = [];
    private readonly int _firstRow;
    private readonly int _rows;
    private readonly int _blocks;
    private readonly int _shortest;
    private readonly int _longest;
    private readonly int _firstIndex;
    private Tensor? _ends;
    private Tensor? _blockIds;

    /// <param name="shape">The shape of the KV cache.</param>
    /// <param name="firstRow">Row of the first token in the step.</param>
    /// <param name="first">The first request that belongs to the batch.</param>
    /// <param name="count">The number of things that are counted.</param>
    /// <param name="indices">Takes what is to be copied to the device, for <see cref="Locate"/>.</param>
    public SdpaBatch(KVCacheShape shape, int firstRow, StepBatch step, int first, int count, List<long> indices)
    {
        (_shape, _firstRow, Count, _firstIndex) = (shape, firstRow, count, indices.Count);
        var sequences = step.Sequences.Slice(first, count);
        (_rows, _shortest) = (sequences[0].Count, int.MaxValue);
        foreach (ref readonly var sequence in sequences)
        {
            (_shortest, _longest) = (Math.Min(_shortest, sequence.End), Math.Max(_longest, sequence.End));
            indices.Add(sequence.End);
        }

        _blocks = (_longest + shape.BlockSize - 1) / shape.BlockSize;
        foreach (ref readonly var sequence in sequences)
        {
            // The mask hides what repeats in a shorter request.
            var blocks = step.BlocksOf(sequence);
            for (var block = 0; block < _blocks; block++) indices.Add(blocks[Math.Min(block, blocks.Length - 1)]);
        }
    }

    /// <summary>Requests.</summary>
    public int Count { get; }

    /// <summary>Rows of all of them.</summary>
    public int NumRows => Count * _rows;

    /// <summary>Finds its indices again in what was copied to the device.</summary>
    public void Locate(Tensor indices)
    {
        _ends = indices.narrow(0, _firstIndex, Count).DetachFromDisposeScope();
        _blockIds = indices.narrow(0, _firstIndex + Count, Count * _blocks).DetachFromDisposeScope();
    }

    /// <summary>The batch's rows of the output, from all rows' queries.</summary>
    public Tensor Attend(Tensor queries, Tensor keys, Tensor values, int? window)
    {
        using var scope = NewDisposeScope();
        long group = _shape.Heads / _shape.KVHeads;

        // The query heads of a KV head become further rows: [requests, KV heads, group x rows, head].
        var q = queries.narrow(0, _firstRow, NumRows).reshape(Count, _rows, _shape.KVHeads, group, _shape.HeadDim)
            .permute(0, 2, 3, 1, 4).reshape(Count, _shape.KVHeads, group * _rows, _shape.HeadDim);
        var mask = Mask(window, queries);
        var attended = nn.functional.scaled_dot_product_attention(q, Gather(keys, mask), Gather(values, mask), mask);
        return attended.view(Count, _shape.KVHeads, group, _rows, _shape.HeadDim).permute(0, 3, 1, 2, 4)
            .reshape(NumRows, (long)_shape.Heads * _shape.HeadDim).MoveToOuterDisposeScope();
    }

    public void Dispose()
    {
        _ends?.Dispose();
        _blockIds?.Dispose();
        foreach (var mask in _masks.Values) mask.Dispose();
    }

    // Without a mask nothing may be there that a query must not see. With one, whole blocks keep it aligned.
    private Tensor Gather(Tensor cache, Tensor? mask)
    {
        var gathered = cache.index_select(0, _blockIds!).view(Count, (long)_blocks * _shape.BlockSize, _shape.KVHeads, _shape.HeadDim);
        return (mask is null ? gathered.narrow(1, 0, _longest) : gathered).transpose(1, 2);
    }

    // What to add to the scores, or null where every query sees everything. Layers of the same window share it.
    private Tensor? Mask(int? window, Tensor like)
    {
        if (_rows == 1 && _shortest == _longest && (window is null || window >= _longest)) return null;
        var key = window ?? int.MaxValue;
        if (!_masks.TryGetValue(key, out var mask)) _masks[key] = mask = BuildMask(key, like).DetachFromDisposeScope();
        return mask;
    }

    private Tensor BuildMask(long window, Tensor like)
    {
        long group = _shape.Heads / _shape.KVHeads, length = (long)_blocks * _shape.BlockSize;
        var queries = (_ends!.view(-1, 1) + arange(-_rows, 0, ScalarType.Int64, like.device)).unsqueeze(2);
        var keys = arange(0, length, ScalarType.Int64, like.device);
        var hidden = keys.gt(queries).logical_or(keys.le(queries - window));
        return zeros([Count, _rows, length], like.dtype, like.device).masked_fill_(hidden, double.NegativeInfinity).repeat(1, group, 1)
            .unsqueeze(1);
    }
}
