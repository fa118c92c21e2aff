namespace Grid.Tokenization.Models;

/// <summary>The merges of a byte-pair encoding, by the two ids that they join.</summary>
internal sealed class MergeTable(int capacity = 0)
{
    private readonly Dictionary<ulong, Merge> _merges = new(capacity);

    public void Add(int left, int right, Merge merge) => _merges[Key(left, right)] = merge;

    public bool TryGet(int left, int right, out Merge merge) => _merges.TryGetValue(Key(left, right), out merge);

    /// <summary>
    /// One key a pair. A dictionary's own hash of an unsigned long is its halves' exclusive or, zero for every token with
    /// itself; an odd factor keeps keys apart and spreads them.
    /// </summary>
    private static ulong Key(int left, int right) => (((ulong)(uint)left << 32) | (uint)right) * 0x9E3779B97F4A7C15;
}
