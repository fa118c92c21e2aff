using System.Runtime.InteropServices;
using Grid.Engine.KVCache;

namespace Grid.Engine.Simulation;

/// <summary>The simulated model's KV cache: a hash a token.</summary>
internal sealed class SimulatedKVCache(KVBlockLayout layout) : IKVCacheStorage
{
    private BlockCommitments _commitments = new(0);
    private ulong[] _hashes = [];

    public KVBlockLayout Layout => layout;

    public int NumBlocks => _commitments.NumBlocks;

    public int NumCommitted => _commitments.NumCommitted;

    /// <summary>The hash at a position of a request.</summary>
    /// <param name="blocks">The blocks of the KV cache that hold the sequence, in order.</param>
    /// <param name="position">The position in the sequence, from 0.</param>
    public ulong this[ReadOnlySpan<int> blocks, int position]
    {
        get => _hashes[Slot(blocks, position)];
        set => _hashes[Slot(blocks, position)] = value;
    }

    /// <summary>One hash a slot.</summary>
    /// <param name="blockSize">Tokens of a block.</param>
    public static KVBlockLayout LayoutOf(int blockSize) =>
        new(FirstLayer: 0, Layers: 1, FirstHead: 0, Heads: 1, HeadDim: 1, blockSize, KVElement.Hash64, Planes: 1);

    public void Reserve(int numBlocks) =>
        (_hashes, _commitments) = (new ulong[(long)numBlocks * layout.BlockSize], new(numBlocks));

    /// <summary>Commits the blocks of a request.</summary>
    public void Commit(ReadOnlySpan<int> blocks) => _commitments.Commit(blocks);

    public void Export(ReadOnlySpan<int> blocks, int tokens, Span<byte> destination)
    {
        _commitments.CheckCommitted(blocks);
        layout.CheckLength(destination.Length, blocks.Length);
        for (var i = 0; i < blocks.Length; i++) BytesOf(blocks[i]).CopyTo(destination[(int)(i * layout.BlockBytes)..]);
        layout.ClearBehind(destination, tokens);
    }

    public void Import(ReadOnlySpan<int> blocks, ReadOnlySpan<byte> source)
    {
        layout.CheckLength(source.Length, blocks.Length);
        _commitments.Commit(blocks);
        for (var i = 0; i < blocks.Length; i++)
            source.Slice((int)(i * layout.BlockBytes), (int)layout.BlockBytes).CopyTo(BytesOf(blocks[i]));
    }

    private Span<byte> BytesOf(int block) => MemoryMarshal.AsBytes(_hashes.AsSpan(block * layout.BlockSize, layout.BlockSize));

    private int Slot(ReadOnlySpan<int> blocks, int position) =>
        blocks[position / layout.BlockSize] * layout.BlockSize + position % layout.BlockSize;
}
