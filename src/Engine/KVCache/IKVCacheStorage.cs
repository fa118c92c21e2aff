namespace Grid.Engine.KVCache;

/// <summary>
/// The memory of a paged KV cache. A reservation takes addresses; the memory of a block is taken when the block is first written, by a step
/// or an import. Used by the thread of its runner.
/// </summary>
internal interface IKVCacheStorage
{
    /// <summary>The canonical form of the blocks.</summary>
    KVBlockLayout Layout { get; }

    /// <summary>Blocks reserved; 0 before <see cref="Reserve"/>.</summary>
    int NumBlocks { get; }

    /// <summary>Blocks written at least once since the reservation.</summary>
    int NumCommitted { get; }

    /// <summary>Reserves the cache, in place of one that was reserved before.</summary>
    void Reserve(int numBlocks);

    /// <summary>Copies the blocks of a sequence out of the cache. One call moves less than 2 GiB.</summary>
    /// <param name="blocks">Blocks that are committed.</param>
    /// <param name="tokens">Tokens of the sequence: the slots behind them come out as zeros, whatever they held before.</param>
    /// <param name="destination">Takes them in this order, in the canonical form.</param>
    /// <exception cref="ArgumentException">
    /// A block was never written, the tokens do not end in the last block, or the length is not the blocks'.
    /// </exception>
    void Export(ReadOnlySpan<int> blocks, int tokens, Span<byte> destination);

    /// <summary>Copies blocks into the cache, which commits them. One call moves less than 2 GiB.</summary>
    /// <param name="blocks">Any blocks of the reservation.</param>
    /// <param name="source">Their contents in this order, in the canonical form.</param>
    /// <exception cref="ArgumentException">A block is not in the reservation, or the length is not theirs.</exception>
    void Import(ReadOnlySpan<int> blocks, ReadOnlySpan<byte> source);
}
