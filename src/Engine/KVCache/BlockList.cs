namespace Grid.Engine.KVCache;

/// <summary>A doubly linked list of block ids, oldest first. The links are arrays over all blocks: no operation allocates.</summary>
internal sealed class BlockList(int numBlocks)
{
    private const int None = -1;

    private readonly int[] _previous = new int[numBlocks];
    private readonly int[] _next = new int[numBlocks];
    private int _first = None;
    private int _last = None;

    public int Count { get; private set; }

    public void AddLast(int block)
    {
        (_previous[block], _next[block]) = (_last, None);
        if (_last == None) _first = block;
        else _next[_last] = block;
        _last = block;
        Count++;
    }

    public int RemoveFirst()
    {
        var block = _first;
        Remove(block);
        return block;
    }

    public void Remove(int block)
    {
        var (previous, next) = (_previous[block], _next[block]);
        if (previous == None) _first = next;
        else _next[previous] = next;
        if (next == None) _last = previous;
        else _previous[next] = previous;
        Count--;
    }

    /// <summary>The ids, oldest first; for checks and tests.</summary>
    public IEnumerable<int> Enumerate()
    {
        for (var block = _first; block != None; block = _next[block]) yield return block;
    }
}
