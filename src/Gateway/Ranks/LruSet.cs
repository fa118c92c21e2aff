namespace Grid.Gateway.Ranks;

/// <summary>A bounded set of hashes that evicts the least recently used. Allocates only while it grows. Not thread-safe.</summary>
internal sealed class LruSet(int capacity)
{
    private readonly Dictionary<ulong, int> _slots = [];
    private readonly List<Node> _nodes = [];
    private readonly Stack<int> _free = [];
    private int _newest = -1;
    private int _oldest = -1;

    public int Count => _slots.Count;

    public int Capacity { get; } = Math.Max(1, capacity);

    public bool Contains(ulong hash) => _slots.ContainsKey(hash);

    /// <summary>Adds, or makes it the newest.</summary>
    public void Touch(ulong hash)
    {
        if (_slots.TryGetValue(hash, out var slot))
        {
            Unlink(slot);
        }
        else
        {
            if (_slots.Count == Capacity) Remove(_nodes[_oldest].Hash);
            if (!_free.TryPop(out slot))
            {
                slot = _nodes.Count;
                _nodes.Add(default);
            }

            _slots[hash] = slot;
        }

        LinkNewest(slot, hash);
    }

    public void Remove(ulong hash)
    {
        if (!_slots.Remove(hash, out var slot)) return;
        Unlink(slot);
        _free.Push(slot);
    }

    private void LinkNewest(int slot, ulong hash)
    {
        _nodes[slot] = new Node(hash, _newest, -1);
        if (_newest >= 0) _nodes[_newest] = _nodes[_newest] with { Newer = slot };
        else _oldest = slot;
        _newest = slot;
    }

    private void Unlink(int slot)
    {
        var (_, older, newer) = _nodes[slot];
        if (older >= 0) _nodes[older] = _nodes[older] with { Newer = newer };
        else _oldest = newer;
        if (newer >= 0) _nodes[newer] = _nodes[newer] with { Older = older };
        else _newest = older;
    }

    private record struct Node(ulong Hash, int Older, int Newer);
}
