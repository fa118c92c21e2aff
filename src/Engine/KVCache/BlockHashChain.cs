namespace Grid.Engine.KVCache;

/// <summary>The hashes of a request's full blocks. Tokens are only ever appended, so a hash is computed once.</summary>
internal sealed class BlockHashChain
{
    private BlockHash[] _hashes = [];

    /// <summary>Blocks hashed so far.</summary>
    public int Count { get; private set; }

    public ref readonly BlockHash this[int block] => ref _hashes[block];

    /// <summary>Hashes the blocks that <paramref name="tokenIds"/> has filled since the last call.</summary>
    public void Extend(in BlockHash seed, ReadOnlySpan<int> tokenIds, int blockSize)
    {
        var full = tokenIds.Length / blockSize;
        if (full > _hashes.Length) Array.Resize(ref _hashes, Math.Max(full, _hashes.Length * 2));
        for (; Count < full; Count++)
            _hashes[Count] = BlockHash.Of(Count == 0 ? seed : _hashes[Count - 1], tokenIds.Slice(Count * blockSize, blockSize));
    }
}
