namespace Grid.Engine.KVCache;

/// <summary>
/// Who owns which KV block. A block is free (holds nothing), used (owned at least once) or cached (without an owner, but its
/// content can be found by hash until the block is needed, the least recently used first).
/// </summary>
internal sealed class BlockPool
{
    private readonly int[] _refCounts;
    private readonly BlockHash?[] _hashes;
    private readonly int[] _free;
    private readonly BlockList _cached;
    private readonly Dictionary<BlockHash, int> _blocksByHash = [];

    public BlockPool(int numBlocks)
    {
        NumBlocks = numBlocks;
        NumFree = numBlocks;
        _refCounts = new int[numBlocks];
        _hashes = new BlockHash?[numBlocks];
        _cached = new BlockList(numBlocks);
        _free = new int[numBlocks];
        for (var i = 0; i < numBlocks; i++) _free[i] = numBlocks - 1 - i;
    }

    public int NumBlocks { get; }

    public int NumFree { get; private set; }

    public int NumCached => _cached.Count;

    public int NumUsed { get; private set; }

    /// <summary>Blocks that can be allocated.</summary>
    public int NumAvailable => NumFree + NumCached;

    public int RefCount(int block) => _refCounts[block];

    /// <summary>Finds the block with this content.</summary>
    public bool TryFind(in BlockHash hash, out int block) => _blocksByHash.TryGetValue(hash, out block);

    /// <summary>Takes a block that holds nothing, or else evicts the least recently used cached one.</summary>
    public int Allocate()
    {
        int block;
        if (NumFree > 0) block = _free[--NumFree];
        else if (NumCached > 0) block = Evict();
        else throw new InvalidOperationException($"All {NumBlocks} KV blocks are in use.");
        _refCounts[block] = 1;
        NumUsed++;
        return block;
    }

    /// <summary>Adds an owner to a used or cached block.</summary>
    public void Acquire(int block)
    {
        if (_refCounts[block]++ > 0) return;
        _cached.Remove(block);
        NumUsed++;
    }

    /// <summary>Takes an owner away. The last one leaves the block cached if it has a hash, else free.</summary>
    public void Release(int block)
    {
        if (_refCounts[block] == 0) throw new InvalidOperationException($"KV block {block} is released but has no owner.");
        if (--_refCounts[block] > 0) return;
        NumUsed--;
        if (_hashes[block] is null) _free[NumFree++] = block;
        else _cached.AddLast(block);
    }

    /// <summary>
    /// Lets a used block be found by its content. A second block of equal content stays without a hash: tables only grow at their
    /// end, so the two cannot be merged, and one to find is enough.
    /// </summary>
    public void Publish(int block, in BlockHash hash)
    {
        if (_hashes[block] is null && _blocksByHash.TryAdd(hash, block)) _hashes[block] = hash;
    }

    /// <summary>Cached blocks in the order of eviction.</summary>
    public IEnumerable<int> EvictionOrder() => _cached.Enumerate();

    /// <summary>Compares every count with what the lists hold.</summary>
    /// <param name="owners">How many block tables hold each block.</param>
    /// <exception cref="InvalidOperationException">A block is lost, held twice, or found by a wrong hash.</exception>
    public void CheckIntegrity(ReadOnlySpan<int> owners)
    {
        CheckConservation();
        var listed = new bool[NumBlocks];
        foreach (var block in _free.AsSpan(0, NumFree).ToArray().Concat(EvictionOrder()))
            Require(!listed[block] && (listed[block] = true), $"KV block {block} is listed twice as free or cached.");
        for (var block = 0; block < NumBlocks; block++)
        {
            Require(_refCounts[block] == owners[block], $"KV block {block} counts {_refCounts[block]} owners and has {owners[block]}.");
            Require(listed[block] == (owners[block] == 0),
                $"KV block {block} has {owners[block]} owners; listed as free or cached: {listed[block]}.");
            if (_hashes[block] is { } hash)
                Require(_blocksByHash.TryGetValue(hash, out var found) && found == block, $"KV block {block} is not found by its hash.");
        }

        Require(_blocksByHash.Count == _hashes.Count(hash => hash is not null),
            $"{_blocksByHash.Count} hashes do not lead to a block each.");
        Require(EvictionOrder().All(block => _hashes[block] is not null), "A cached KV block has no hash.");
    }

    /// <summary>Free + used + cached = total.</summary>
    public void CheckConservation() =>
        Require(NumFree + NumUsed + NumCached == NumBlocks,
        $"{NumFree} free + {NumUsed} used + {NumCached} cached KV blocks are not {NumBlocks}.");

    private static void Require(bool condition, string message)
    {
        if (!condition) throw new InvalidOperationException(message);
    }

    private int Evict()
    {
        var block = _cached.RemoveFirst();
        if (_hashes[block] is { } hash) _blocksByHash.Remove(hash);
        _hashes[block] = null;
        return block;
    }
}
