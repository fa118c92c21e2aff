using System.Runtime.InteropServices;
using Grid.Engine.Kernels;
using Grid.Engine.Steps;
using static TorchSharp.torch;

namespace Grid.Engine.Attention;

/// <summary>The CPU's paged KV cache and the vector kernels over it.</summary>
/// <param name="shape">Of the cache.</param>
/// <param name="prefault">Whether all its memory is to be backed soon, and not when it is first used.</param>
internal sealed unsafe class PagedAttentionBackend(KVCacheShape shape, bool prefault = false) : IAttentionBackend
{
    // Enough queries to be worth loading keys for, few enough to stay in the first-level cache.
    private const int QueriesPerTile = 16;

    // The last lanes of the last row are read whole.
    private const int Slack = 64;

    private readonly int _tileRows = Math.Max(1, QueriesPerTile / (shape.Heads / shape.KVHeads));
    private readonly NativeBuffer<QueryTile> _tiles = new();
    private readonly NativeBuffer<int> _blocks = new();
    private readonly NativeBuffer<long> _slots = new();
    private byte* _keys;
    private byte* _values;
    private MemoryPrefault? _prefault;
    private long _layerBytes;
    private int _tileCount;

    public void Allocate(int numBlocks)
    {
        Free();
        _layerBytes = numBlocks * (shape.BytesPerBlock / (2 * shape.Layers));
        var bytes = checked((nuint)(_layerBytes * shape.Layers + Slack));
        _keys = (byte*)NativeMemory.AlignedAlloc(bytes, Slack);
        _values = (byte*)NativeMemory.AlignedAlloc(bytes, Slack);
        if (prefault) _prefault = MemoryPrefault.Start(((nint)_keys, bytes), ((nint)_values, bytes));
    }

    public void Prepare(StepBatch step)
    {
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
            Keys = _keys + layer * _layerBytes,
            Values = _values + layer * _layerBytes,
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
        Free();
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

    private void Free()
    {
        _prefault?.Dispose();
        NativeMemory.AlignedFree(_keys);
        NativeMemory.AlignedFree(_values);
        _keys = _values = null;
    }
}
