using System.Runtime.InteropServices;

namespace Grid.Tokenization.Models;

/// <summary>
/// The ids of recent words. Each word has one place, where the newest word of that place stays: memory is bounded and
/// threads need no lock, for an entry never changes once it is written.
/// </summary>
internal sealed class WordCache
{
    private const int Places = 1 << 14;
    private const int MaxLength = 64;

    private readonly Entry?[] _entries = new Entry?[Places];

    public bool TryGet(ReadOnlySpan<char> word, out ReadOnlySpan<int> ids)
    {
        ids = default;
        if (word.Length > MaxLength || _entries[Place(word)] is not { } entry || !word.SequenceEqual(entry.Word)) return false;
        ids = entry.Ids;
        return true;
    }

    /// <summary>Keeps <paramref name="ids"/> from <paramref name="start"/> on as the word's.</summary>
    public void Add(ReadOnlySpan<char> word, List<int> ids, int start)
    {
        if (word.Length <= MaxLength) _entries[Place(word)] = new Entry(word.ToString(), [.. CollectionsMarshal.AsSpan(ids)[start..]]);
    }

    private static int Place(ReadOnlySpan<char> word) => string.GetHashCode(word) & (Places - 1);

    private sealed record Entry(string Word, int[] Ids);
}
