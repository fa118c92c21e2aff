using Grid.Engine.KVCache;
using static TorchSharp.torch;

namespace Grid.Engine.Attention;

/// <summary>
/// A KV cache of one tensor [block, slot, head, element] of keys, and one of values, for each layer. On any device; export and import were
/// run on the CPU only.
/// </summary>
/// <param name="shape">The shape of the KV cache.</param>
/// <param name="layout">The same in the canonical form.</param>
/// <param name="device">The device that holds it.</param>
internal sealed class TensorKVCache(KVCacheShape shape, KVBlockLayout layout, Device device) : IKVCacheStorage, IDisposable
{
    private readonly List<int> _first = [];
    private Tensor[] _keys = [];
    private Tensor[] _values = [];
    private BlockCommitments _commitments = new(0);

    public KVBlockLayout Layout => layout;

    public int NumBlocks => _commitments.NumBlocks;

    public int NumCommitted => _commitments.NumCommitted;

    /// <summary>Whether the device gives all memory with the reservation, so that it is cheapest to clear it then.</summary>
    private bool IsBackedAtOnce => device.type != TorchSharp.DeviceType.CPU;

    /// <summary>The keys of a layer.</summary>
    public Tensor Keys(int layer) => _keys[layer];

    /// <summary>The values of a layer.</summary>
    public Tensor Values(int layer) => _values[layer];

    public void Reserve(int numBlocks)
    {
        Dispose();
        using var mode = inference_mode();
        _keys = [.. Enumerable.Range(0, shape.Layers).Select(_ => Cache())];
        _values = [.. Enumerable.Range(0, shape.Layers).Select(_ => Cache())];
        _commitments = new(numBlocks);

        Tensor Cache()
        {
            long[] size = [numBlocks, shape.BlockSize, shape.KVHeads, shape.HeadDim];
            return (IsBackedAtOnce ? zeros(size, shape.Type, device) : empty(size, shape.Type, device)).DetachFromDisposeScope();
        }
    }

    /// <summary>
    /// Commits the blocks of a step. Blocks begin as zeros: attention masks the slots behind a request's last token by a weight of zero,
    /// which makes no zero of what is not a number.
    /// </summary>
    public void Commit(ReadOnlySpan<int> blocks)
    {
        _first.Clear();
        _commitments.Commit(blocks, _first);
        if (_first.Count == 0 || IsBackedAtOnce) return;
        using var mode = inference_mode();
        using var indices = Indices([.. _first]);
        foreach (var cache in _keys.Concat(_values)) cache.index_fill_(0, indices, 0);
    }

    public void Export(ReadOnlySpan<int> blocks, int tokens, Span<byte> destination)
    {
        _commitments.CheckCommitted(blocks);
        layout.CheckLength(destination.Length, blocks.Length);
        using var mode = inference_mode();
        using var indices = Indices(blocks);
        for (var layer = 0; layer < shape.Layers; layer++)
        {
            Copy(_keys[layer], 2 * layer, destination);
            Copy(_values[layer], 2 * layer + 1, destination);
        }

        layout.ClearBehind(destination, tokens);

        void Copy(Tensor cache, int plane, Span<byte> to)
        {
            using var scope = NewDisposeScope();
            var bytes = cache.index_select(0, indices).cpu().contiguous().bytes;
            var size = bytes.Length / (int)indices.numel();
            for (var block = 0; block < indices.numel(); block++)
                bytes.Slice(block * size, size).CopyTo(to[(int)(block * layout.BlockBytes + (long)plane * size)..]);
        }
    }

    public void Import(ReadOnlySpan<int> blocks, ReadOnlySpan<byte> source)
    {
        layout.CheckLength(source.Length, blocks.Length);
        using var mode = inference_mode();
        Commit(blocks);
        using var indices = Indices(blocks);
        for (var layer = 0; layer < shape.Layers; layer++)
        {
            Copy(_keys[layer], 2 * layer, source);
            Copy(_values[layer], 2 * layer + 1, source);
        }

        void Copy(Tensor cache, int plane, ReadOnlySpan<byte> from)
        {
            using var scope = NewDisposeScope();
            var host = empty([indices.numel(), shape.BlockSize, shape.KVHeads, shape.HeadDim], shape.Type);
            var bytes = host.bytes;
            var size = bytes.Length / (int)indices.numel();
            for (var block = 0; block < indices.numel(); block++)
                from.Slice((int)(block * layout.BlockBytes + (long)plane * size), size).CopyTo(bytes.Slice(block * size, size));
            cache.index_copy_(0, indices, host.to(device));
        }
    }

    public void Dispose()
    {
        foreach (var cache in _keys.Concat(_values)) cache.Dispose();
        (_keys, _values, _commitments) = ([], [], new(0));
    }

    private Tensor Indices(ReadOnlySpan<int> blocks)
    {
        using var host = tensor(blocks.ToArray(), int64);
        return host.to(device, copy: true);
    }
}
