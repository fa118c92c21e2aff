namespace Grid.Tokenization.Models;

/// <summary>Makes a <see cref="MergeTable"/> from merges written as text, the first with the lowest rank.</summary>
internal sealed class MergeTableBuilder
{
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _vocabulary;
    private readonly MergeTable _merges;
    private int _rank;

    public MergeTableBuilder(Dictionary<string, int> vocabulary, int capacity)
    {
        _vocabulary = vocabulary.GetAlternateLookup<ReadOnlySpan<char>>();
        _merges = new MergeTable(capacity);
    }

    public MergeTable Build() => _merges;

    /// <summary>Adds a merge written as two tokens with a space between.</summary>
    public bool TryAdd(string merge)
    {
        var space = merge.IndexOf(' ', StringComparison.Ordinal);
        return space >= 0 && TryAdd(merge.AsSpan(0, space), merge.AsSpan(space + 1));
    }

    /// <summary>False, and nothing added, where a token or the joined text is not in the vocabulary.</summary>
    public bool TryAdd(ReadOnlySpan<char> left, ReadOnlySpan<char> right)
    {
        if (!_vocabulary.TryGetValue(left, out var leftId) || !_vocabulary.TryGetValue(right, out var rightId)) return false;
        if (!_vocabulary.TryGetValue(string.Concat(left, right), out var id)) return false;
        _merges.Add(leftId, rightId, new Merge(_rank++, id));
        return true;
    }
}
