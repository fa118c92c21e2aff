namespace Grid.Tokenization.Models;

/// <summary>
/// The symbols of one word as a linked list, with the possible merges in a heap: n symbols take O(n log n), however long
/// the word is. A thread keeps one buffer for its next word.
/// </summary>
internal sealed class MergeBuffer
{
    // A buffer that one huge word has grown is not kept.
    private const int MaxKeptSymbols = 1 << 16;
    private const int Gone = -1;

    [ThreadStatic]
    private static MergeBuffer? _kept;

    private readonly PriorityQueue<int, ulong> _candidates = new();
    private int[] _ids = new int[64];
    private int[] _next = new int[64];
    private int[] _previous = new int[64];
    private int _count;

    public static MergeBuffer Rent()
    {
        var buffer = _kept ?? new MergeBuffer();
        _kept = null;
        return buffer;
    }

    public static void Return(MergeBuffer buffer)
    {
        buffer._count = 0;
        if (buffer._ids.Length <= MaxKeptSymbols) _kept = buffer;
    }

    public void Add(int id)
    {
        if (_count == _ids.Length)
        {
            Array.Resize(ref _ids, _count * 2);
            Array.Resize(ref _next, _count * 2);
            Array.Resize(ref _previous, _count * 2);
        }
        _ids[_count] = id;
        _previous[_count] = _count - 1;
        _next[_count] = ++_count;
    }

    public void MergeAll(MergeTable merges)
    {
        for (var left = 0; left + 1 < _count; left++) AddCandidate(left, merges);
        while (_candidates.TryDequeue(out var left, out var priority))
        {
            // A candidate is stale when either of its symbols has merged since.
            if (_ids[left] == Gone || _next[left] >= _count) continue;
            if (!merges.TryGet(_ids[left], _ids[_next[left]], out var merge) || Priority(merge, left) != priority) continue;
            Join(left, _next[left], merge.Id);
            if (_previous[left] >= 0) AddCandidate(_previous[left], merges);
            if (_next[left] < _count) AddCandidate(left, merges);
        }
    }

    public void CopyTo(List<int> ids)
    {
        for (var i = 0; i < _count; i = _next[i]) ids.Add(_ids[i]);
    }

    private void Join(int left, int right, int id)
    {
        _ids[left] = id;
        _ids[right] = Gone;
        _next[left] = _next[right];
        if (_next[left] < _count) _previous[_next[left]] = left;
    }

    private void AddCandidate(int left, MergeTable merges)
    {
        if (merges.TryGet(_ids[left], _ids[_next[left]], out var merge)) _candidates.Enqueue(left, Priority(merge, left));
    }

    /// <summary>By rank, then from left to right.</summary>
    private static ulong Priority(Merge merge, int left) => ((ulong)(uint)merge.Rank << 32) | (uint)left;
}
