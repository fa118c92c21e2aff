using System.Runtime.InteropServices;
using Grid.Engine.Kernels;
using Grid.Engine.KVCache;

namespace Grid.Engine.Attention;

/// <summary>
/// The CPU's KV cache as the vector kernels read it: in a block, keys are [head, element, slot] and values [head, slot, element]. Each
/// layer has all its blocks together.
/// </summary>
/// <param name="shape">The shape of the KV cache.</param>
/// <param name="layout">The same in the canonical form.</param>
/// <param name="prefault">Whether the system is to back all memory soon, and not block by block.</param>
internal sealed unsafe class PagedKVCache(KVCacheShape shape, KVBlockLayout layout, bool prefault) : IKVCacheStorage, IDisposable
{
    /// <summary>Alignment of the memory; the last lanes of the last row are read whole.</summary>
    private const int Slack = 64;

    private readonly int _elementBytes = layout.ElementBytes;
    private BlockCommitments _commitments = new(0);
    private MemoryPrefault? _prefault;
    private long _layerBytes;
    private byte* _keys;
    private byte* _values;

    public KVBlockLayout Layout => layout;

    public int NumBlocks => _commitments.NumBlocks;

    public int NumCommitted => _commitments.NumCommitted;

    private long BlockBytes => shape.BlockElements * _elementBytes;

    /// <summary>The keys of a layer.</summary>
    public byte* Keys(int layer) => _keys + layer * _layerBytes;

    /// <summary>The values of a layer.</summary>
    public byte* Values(int layer) => _values + layer * _layerBytes;

    public void Reserve(int numBlocks)
    {
        Dispose();
        _layerBytes = numBlocks * BlockBytes;
        var bytes = checked((nuint)(_layerBytes * shape.Layers + Slack));
        // The system backs large allocations page by page, when they are first written.
        _keys = (byte*)NativeMemory.AlignedAlloc(bytes, Slack);
        _values = (byte*)NativeMemory.AlignedAlloc(bytes, Slack);
        _commitments = new(numBlocks);
        if (prefault) _prefault = MemoryPrefault.Start(((nint)_keys, bytes), ((nint)_values, bytes));
    }

    /// <summary>Commits the blocks of a step.</summary>
    public void Commit(ReadOnlySpan<int> blocks) => _commitments.Commit(blocks);

    public void Export(ReadOnlySpan<int> blocks, int tokens, Span<byte> destination)
    {
        _commitments.CheckCommitted(blocks);
        layout.CheckLength(destination.Length, blocks.Length);
        fixed (byte* canonical = destination) Copy(blocks, canonical, export: true);
        layout.ClearBehind(destination, tokens);
    }

    public void Import(ReadOnlySpan<int> blocks, ReadOnlySpan<byte> source)
    {
        layout.CheckLength(source.Length, blocks.Length);
        _commitments.Commit(blocks);
        fixed (byte* canonical = source) Copy(blocks, canonical, export: false);
    }

    public void Dispose()
    {
        _prefault?.Dispose();
        NativeMemory.AlignedFree(_keys);
        NativeMemory.AlignedFree(_values);
        _keys = _values = null;
        (_prefault, _commitments) = (null, new(0));
    }

    private void Copy(ReadOnlySpan<int> blocks, byte* canonical, bool export)
    {
        foreach (var block in blocks)
        {
            for (var layer = 0; layer < shape.Layers; layer++, canonical += 2 * BlockBytes)
            {
                byte* keys = Keys(layer) + block * BlockBytes, values = Values(layer) + block * BlockBytes;
                if (_elementBytes == sizeof(float)) CopyBlock((float*)canonical, (float*)keys, (float*)values, export);
                else CopyBlock((short*)canonical, (short*)keys, (short*)values, export);
            }
        }
    }

    private void CopyBlock<T>(T* canonical, T* keys, T* values, bool export)
        where T : unmanaged
    {
        var canonicalValues = canonical + shape.BlockElements;
        for (var slot = 0; slot < shape.BlockSize; slot++)
        {
            for (var head = 0; head < shape.KVHeads; head++)
            {
                for (var i = 0; i < shape.HeadDim; i++, canonical++, canonicalValues++)
                {
                    var key = keys + ((long)head * shape.HeadDim + i) * shape.BlockSize + slot;
                    var value = values + ((long)head * shape.BlockSize + slot) * shape.HeadDim + i;
                    if (export) (*canonical, *canonicalValues) = (*key, *value);
                    else (*key, *value) = (*canonical, *canonicalValues);
                }
            }
        }
    }
}
