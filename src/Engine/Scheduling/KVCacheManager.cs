using Grid.Engine.KVCache;
using Grid.Engine.Requests;

namespace Grid.Engine.Scheduling;

/// <summary>Gives requests the blocks for their tokens and finds prefixes that are in the cache already.</summary>
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
    /// its logits are needed. A request that still needs prompt logprobs finds nothing: they come from computing.
    /// </summary>
    public int FindCachedPrefix(Request request)
    {
        if (!enablePrefixCaching || request.NeedsPromptLogprobs) return 0;
        ExtendHashes(request);
        var longest = (request.NumTokens - 1) / BlockSize;
        var blocks = 0;
        while (blocks < longest && _pool.TryFind(request.BlockHashes[blocks], out _)) blocks++;
        return blocks * BlockSize;
    }

    /// <summary>
    /// Starts a request without blocks: it takes the <paramref name="cachedTokens"/> just found and blocks for
    /// <paramref name="newTokens"/> more, but only if all its tokens would fit, however many are computed now (vLLM's
    /// scheduler_reserve_full_isl: a prompt that is admitted in part would soon preempt others).
    /// </summary>
    /// <returns>Whether it fits; if not, nothing has changed.</returns>
    public bool TryAdmit(Request request, int cachedTokens, int newTokens)
    {
        var hits = cachedTokens / BlockSize;
        var available = _pool.NumAvailable;
        for (var i = 0; i < hits; i++)
            if (_pool.RefCount(Find(request, i)) == 0) available--;
        if (BlocksFor(request.NumTokens) - hits > available) return false;

        for (var i = 0; i < hits; i++)
        {
            var block = Find(request, i);
            _pool.Acquire(block);
            request.BlockTable.Append(block);
        }

        request.NumPublishedBlocks = hits;
        return TryAllocate(request, cachedTokens + newTokens);
    }

    /// <summary>Gives a request blocks up to <paramref name="tokens"/> tokens.</summary>
    /// <returns>Whether there were enough; if not, nothing has changed.</returns>
    public bool TryAllocate(Request request, int tokens)
    {
        var missing = BlocksFor(tokens) - request.BlockTable.Count;
        if (missing > _pool.NumAvailable) return false;
        for (; missing > 0; missing--) request.BlockTable.Append(_pool.Allocate());
        return true;
    }

    /// <summary>Lets other requests find the blocks that are full once <paramref name="computedTokens"/> tokens are computed.</summary>
    public void Publish(Request request, int computedTokens)
    {
        if (!enablePrefixCaching) return;
        var full = computedTokens / BlockSize;
        if (full <= request.NumPublishedBlocks) return;
        ExtendHashes(request);
        for (; request.NumPublishedBlocks < full; request.NumPublishedBlocks++)
            _pool.Publish(request.BlockTable.Blocks[request.NumPublishedBlocks], request.BlockHashes[request.NumPublishedBlocks]);
    }

    /// <summary>Takes a request's blocks back, its last first: a suffix is worth less than the prefix it needs.</summary>
    public void Free(Request request)
    {
        var blocks = request.BlockTable.Blocks;
        for (var i = blocks.Length - 1; i >= 0; i--) _pool.Release(blocks[i]);
        request.BlockTable.Clear();
        request.NumPublishedBlocks = 0;
    }

    /// <summary>Compares the pool with the tables of all requests that own blocks. Costs time in the number of blocks.</summary>
    /// <exception cref="InvalidOperationException">They do not agree.</exception>
    public void CheckIntegrity(IEnumerable<Request> owners)
    {
        var counts = new int[_pool.NumBlocks];
        foreach (var request in owners)
            foreach (var block in request.BlockTable.Blocks) counts[block]++;
        _pool.CheckIntegrity(counts);
    }

    /// <summary>Checks in constant time that nothing is owned and nothing lost.</summary>
    /// <exception cref="InvalidOperationException">A block has leaked.</exception>
    public void CheckAtRest()
    {
        _pool.CheckConservation();
        if (_pool.NumUsed > 0) throw new InvalidOperationException($"{_pool.NumUsed} KV blocks are owned though no request runs.");
    }

    private int Find(Request request, int index) =>
        _pool.TryFind(request.BlockHashes[index], out var block)
            ? block
            : throw new InvalidOperationException("A cached prefix vanished before it was used.");

    private void ExtendHashes(Request request)
    {
        var seed = request.Source.CacheSalt is { } salt && request.BlockHashes.Count == 0
            ? BlockHash.Seed(model, adapter: null, salt)
            : _unsaltedSeed;
        request.BlockHashes.Extend(seed, request.Tokens, BlockSize);
    }
}
