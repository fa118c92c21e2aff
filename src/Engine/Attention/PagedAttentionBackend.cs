using Grid.Engine.Kernels;
using Grid.Engine.KVCache;
using Grid.Engine.Steps;
using static TorchSharp.torch;

namespace Grid.Engine.Attention;

/// <summary>The CPU's vector kernels over the paged KV cache.</summary>
/// <param name="shape">The shape of the KV cache.</param>
/// <param name="cache">Passes into the backend's hands.</param>
internal sealed unsafe class PagedAttentionBackend(KVCacheShape shape, PagedKVCache cache) : IAttentionBackend
{
    // Enough queries to be worth loading keys for, few enough to stay in the first-level cache.
    private const int QueriesPerTile = 16;

    private readonly int _tileRows = Math.Max(1, QueriesPerTile / (shape.Heads / shape.KVHeads));
    private readonly NativeBuffer<QueryTile> _tiles = new();
    private readonly NativeBuffer<int> _blocks = new();
    private readonly NativeBuffer<long> _slots = new();
    private int _tileCount;

    public IKVCacheStorage KVCache => cache;

    public void Prepare(StepBatch step)
    {
        cache.Commit(step.Blocks);
        _blocks.EnsureCapacity(step.Blocks.Length);
        _slots.EnsureCapacity(step.NumTokens);
        _tiles.EnsureCapacity(step.NumTokens);

        step.Blocks.CopyTo(new Span<int>(_blocks.Pointer, step.Blocks.Length));
        var row = 0;
        _tileCount = 0;
        foreach (ref readonly var sequence in step.Sequences)
        {
            var blocks = step.BlocksOf(sequence);
            AddTiles(sequence, row);
            for (var position = sequence.Start; position < sequence.End; position++)
                _slots.Pointer[row++] = (long)blocks[position / shape.BlockSize] * shape.BlockSize + position % shape.BlockSize;
        }
    }

    public Tensor Forward(int layer, Tensor qkv, int? window)
    {
        var rows = qkv.size(0);
        var result = empty(rows, (long)shape.Heads * shape.HeadDim, shape.Type);
        var arguments = new PagedAttentionArguments
        {
            QKV = qkv.Data(),
            Output = result.Data(),
            Keys = cache.Keys(layer),
            Values = cache.Values(layer),
            Tiles = _tiles.Pointer,
            Blocks = _blocks.Pointer,
            Slots = _slots.Pointer,
            TileCount = _tileCount,
            Heads = shape.Heads,
            KVHeads = shape.KVHeads,
            HeadDim = shape.HeadDim,
            BlockSize = shape.BlockSize,
            Window = window ?? int.MaxValue,
            TileRows = _tileRows,
        };
        var is16 = shape.Type == ScalarType.BFloat16;
        NativeParallel.Rows(rows, 2L * shape.KVHeads * shape.HeadDim,
            is16 ? &KVCacheWriter.Rows<BFloat16Element> : &KVCacheWriter.Rows<Float32Element>, &arguments);
        var workers = Math.Min(get_num_threads(), _tileCount * shape.KVHeads);
        NativeParallel.Workers(workers, is16 ? &PagedAttentionKernel.Work<BFloat16Element> : &PagedAttentionKernel.Work<Float32Element>,
            &arguments);
        return result;
    }

    public void Dispose()
    {
        cache.Dispose();
        _tiles.Dispose();
        _blocks.Dispose();
        _slots.Dispose();
    }

    private void AddTiles(in StepSequence sequence, int row)
    {
        for (var done = 0; done < sequence.Count; done += _tileRows)
        {
            _tiles.Pointer[_tileCount++] = new QueryTile
            {
                FirstRow = row + done,
                Rows = Math.Min(_tileRows, sequence.Count - done),
                Position = sequence.Start + done,
                FirstBlock = sequence.FirstBlock,
            };
        }
    }
}
