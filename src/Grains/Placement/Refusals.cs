using Grid.Primitives.Units;

namespace Grid.Grains.Placement;

/// <summary>Counts why nodes were refused, and puts it into words.</summary>
internal sealed class Refusals
{
    private readonly SortedDictionary<string, (int Count, string First)> _counts = new(StringComparer.Ordinal);
    private long _mostFree = -1;
    private string _freest = "";

    /// <summary>A node is refused.</summary>
    public void Add(string why, string node) =>
        _counts[why] = _counts.TryGetValue(why, out var seen) ? (seen.Count + 1, seen.First) : (1, node);

    /// <summary>A device has too little room.</summary>
    public void AddFree(string node, DeviceId device, long free)
    {
        if (free <= _mostFree) return;
        _mostFree = free;
        _freest = $"{node}/{device}";
    }

    /// <summary>Says in one sentence what is needed and why no node has it.</summary>
    public string Say(string replica, ReplicaShape shape, int nodes)
    {
        var (least, most) = (shape.Shards.Min(shard => shard.Bytes), shape.Shards.Max(shard => shard.Bytes));
        var size = least == most ? ByteSize.Format(most) : $"{ByteSize.Format(least)} to {ByteSize.Format(most)}";
        return $"{replica} needs {shape.Shards.Length} x {size} on one device each; {Nodes(nodes)}";
    }

    /// <summary>Says why nodes were refused.</summary>
    public string Nodes(int nodes)
    {
        var others = _counts.Select(pair => $"{pair.Value.Count} {pair.Key} ({pair.Value.First}{(pair.Value.Count > 1 ? ", ..." : "")})")
            .ToList();
        if (_mostFree >= 0) others.Add($"most free: {ByteSize.Format(_mostFree)} on {_freest}");
        return $"{nodes} nodes: {(others.Count == 0 ? "none reports" : string.Join(", ", others))}";
    }
}
