namespace Grid.Tokenization.Models;

/// <summary>The merges of a byte-pair encoding, by the two ids that they join.</summary>
internal sealed class MergeTable(int capacity = 0)
{
    private readonly Dictionary<ulong, Merge> _merges = new(capacity);

    public void Add(int left, int right, Merge merge) => _merges[Key(left, right)] = merge;

    public bool TryGet(int left, int right, out Merge merge) => _merges.TryGetValue(Key(left, right), out merge);

    private static ulong Key(int left, int right) => ((ulong)(uint)left << 32) | (uint)right;
}
