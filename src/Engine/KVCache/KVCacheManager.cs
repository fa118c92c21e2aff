namespace Grid.Engine.KVCache;

/// <summary>Gives sequences the blocks for their tokens and finds prefixes that are in the cache already.</summary>
internal sealed class KVCacheManager(int numBlocks, int blockSize, bool enablePrefixCaching, string model)
{
    private readonly BlockPool _pool = new(numBlocks);
    private readonly BlockHash _unsaltedSeed = BlockHash.Seed(model, adapter: null, cacheSalt: null);

    public int BlockSize { get; } = blockSize;

    public BlockPool Pool => _pool;

    /// <summary>Blocks that <paramref name="tokens"/> tokens need.</summary>
    public int BlocksFor(int tokens) => (tokens + BlockSize - 1) / BlockSize;

    /// <summary>
    /// Tokens of the longest prefix that the cache holds, a multiple of the block size. The last token is never among them:
    /// its logits are needed.
    /// </summary>
    /// <param name="tokens">The ids of its tokens.</param>
    public int FindCachedPrefix(CachedSequence sequence, ReadOnlySpan<int> tokens)
    {
        if (!enablePrefixCaching) return 0;
        ExtendHashes(sequence, tokens);
        var longest = (tokens.Length - 1) / BlockSize;
        var blocks = 0;
        while (blocks < longest && _pool.TryFind(sequence.Hashes[blocks], out _)) blocks++;
        return blocks * BlockSize;
    }

    /// <summary>
    /// Starts a sequence without blocks: it takes the <paramref name="cachedTokens"/> just found and blocks for
    /// <paramref name="newTokens"/> more, but only if all its tokens would fit, however many are computed now (vLLM's
    /// scheduler_reserve_full_isl: a prompt that is admitted in part would soon preempt others).
    /// </summary>
    /// <param name="numTokens">The number of tokens of the whole sequence.</param>
    /// <param name="cachedTokens">What <see cref="FindCachedPrefix"/> found.</param>
    /// <param name="newTokens">Tokens to compute now.</param>
    /// <returns>Whether it fits; if not, nothing has changed.</returns>
    public bool TryAdmit(CachedSequence sequence, int numTokens, int cachedTokens, int newTokens)
    {
        var hits = cachedTokens / BlockSize;
        var available = _pool.NumAvailable;
        for (var i = 0; i < hits; i++)
            if (_pool.RefCount(Find(sequence, i)) == 0) available--;
        if (BlocksFor(numTokens) - hits > available) return false;

        for (var i = 0; i < hits; i++)
        {
            var block = Find(sequence, i);
            _pool.Acquire(block);
            sequence.Blocks.Append(block);
        }

        sequence.NumPublished = hits;
        return TryAllocate(sequence, cachedTokens + newTokens);
    }

    /// <summary>Gives a sequence blocks up to <paramref name="tokens"/> tokens.</summary>
    /// <returns>Whether there were enough; if not, nothing has changed.</returns>
    public bool TryAllocate(CachedSequence sequence, int tokens)
    {
        var missing = BlocksFor(tokens) - sequence.Blocks.Count;
        if (missing > _pool.NumAvailable) return false;
        for (; missing > 0; missing--) sequence.Blocks.Append(_pool.Allocate());
        return true;
    }

    /// <summary>Lets other sequences find the blocks that are full once <paramref name="computedTokens"/> tokens are computed.</summary>
    public void Publish(CachedSequence sequence, ReadOnlySpan<int> tokens, int computedTokens)
    {
        if (!enablePrefixCaching) return;
        var full = computedTokens / BlockSize;
        if (full <= sequence.NumPublished) return;
        ExtendHashes(sequence, tokens);
        for (; sequence.NumPublished < full; sequence.NumPublished++)
            _pool.Publish(sequence.Blocks.Blocks[sequence.NumPublished], sequence.Hashes[sequence.NumPublished]);
    }

    /// <summary>Takes a sequence's blocks back, its last first: a suffix is worth less than the prefix it needs.</summary>
    public void Free(CachedSequence sequence)
    {
        var blocks = sequence.Blocks.Blocks;
        for (var i = blocks.Length - 1; i >= 0; i--) _pool.Release(blocks[i]);
        sequence.Blocks.Clear();
        sequence.NumPublished = 0;
    }

    /// <summary>Compares the pool with the tables of all sequences that own blocks. Costs time in the number of blocks.</summary>
    /// <exception cref="InvalidOperationException">They do not agree.</exception>
    public void CheckIntegrity(IEnumerable<CachedSequence> owners)
    {
        var counts = new int[_pool.NumBlocks];
        foreach (var sequence in owners)
            foreach (var block in sequence.Blocks.Blocks) counts[block]++;
        _pool.CheckIntegrity(counts);
    }

    /// <summary>Checks in constant time that nothing is owned and nothing lost.</summary>
    /// <exception cref="InvalidOperationException">A block has leaked.</exception>
    public void CheckAtRest()
    {
        _pool.CheckConservation();
        if (_pool.NumUsed > 0) throw new InvalidOperationException($"{_pool.NumUsed} KV blocks are owned though no request runs.");
    }

    private int Find(CachedSequence sequence, int index) =>
        _pool.TryFind(sequence.Hashes[index], out var block)
            ? block
            : throw new InvalidOperationException("A cached prefix vanished before it was used.");

    private void ExtendHashes(CachedSequence sequence, ReadOnlySpan<int> tokens)
    {
        var seed = sequence.CacheSalt is { } salt && sequence.Hashes.Count == 0
            ? BlockHash.Seed(model, adapter: null, salt)
            : _unsaltedSeed;
        sequence.Hashes.Extend(seed, tokens, BlockSize);
    }
}
