namespace Grid.Gateway.Ranks;

/// <summary>
/// What a rank has probably cached: the chained hashes of the prompts that were sent to it, as many as its KV cache may hold.
/// </summary>
/// <param name="kvTokens">Size of the rank's KV cache, in tokens.</param>
internal sealed class PrefixIndex(long kvTokens)
{
    private const int MinBlocks = 64;
    private const int MaxBlocks = 1 << 16;
    private const double NewestWeight = 0.2;

    private readonly Lock _gate = new();
    private readonly LruSet _blocks = new((int)Math.Clamp(kvTokens / PromptBlocks.TokensPerBlock, MinBlocks, MaxBlocks));
    private double _trust = 1;

    /// <summary>
    /// The share of expected prefixes that the rank did have, 0 to 1, the latest counting most: low where it evicts early or caches
    /// nothing.
    /// </summary>
    public double Trust => Volatile.Read(ref _trust);

    /// <summary>Number of leading blocks that are known.</summary>
    public int Match(ReadOnlySpan<ulong> blocks)
    {
        lock (_gate)
        {
            var count = 0;
            while (count < blocks.Length && _blocks.Contains(blocks[count])) count++;
            return count;
        }
    }

    /// <summary>Learns a prompt that was sent.</summary>
    public void Learn(ReadOnlySpan<ulong> blocks)
    {
        // From the last to the first: a prefix outlives what follows it, as in the rank's own cache.
        lock (_gate)
            for (var i = Math.Min(blocks.Length, _blocks.Capacity) - 1; i >= 0; i--) _blocks.Touch(blocks[i]);
    }

    /// <summary>Corrects the trust by what the rank reports to have had of a prompt.</summary>
    /// <param name="expectedBlocks">Blocks that were known when it was sent.</param>
    /// <param name="cachedTokens">Tokens that the rank found.</param>
    public void Correct(int expectedBlocks, int cachedTokens)
    {
        if (expectedBlocks == 0) return;
        var share = Math.Min(1, cachedTokens / ((double)expectedBlocks * PromptBlocks.TokensPerBlock));
        lock (_gate) Volatile.Write(ref _trust, ((1 - NewestWeight) * _trust) + (NewestWeight * share));
    }
}
