using Grid.Abstractions.Replicas;

namespace Grid.Abstractions.Grains;

/// <summary>Keys of the grains. What holds device state carries epoch and node; people see the part before the <c>@</c>.</summary>
public static class GrainKeys
{
    /// <summary>Of the one <see cref="IGridGrain"/>.</summary>
    public const string Grid = "grid";

    private const char NodeMark = '@';

    /// <summary>Of a shard: <c>smollm2/r0@7/dp0/pp1/tp0@node-a</c>.</summary>
    public static string Shard(ReplicaPlan plan, ShardPlan shard) => $"{plan.Id}{NodeMark}{plan.Epoch}/{shard.Shard}{NodeMark}{shard.Node}";

    /// <summary>Of a data-parallel rank: <c>smollm2/r0@7/dp0@node-a</c>.</summary>
    public static string Rank(string replica, long epoch, int rank, string node) => $"{replica}{NodeMark}{epoch}/dp{rank}{NodeMark}{node}";

    /// <summary>The node that a key names: what follows its last <c>@</c>, or all of a node's own key.</summary>
    public static string NodeOf(string key) => key[(key.LastIndexOf(NodeMark) + 1)..];

    /// <summary>The parts of a rank's key.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static (string Replica, long Epoch, int Rank) ParseRank(string key)
    {
        var first = key.IndexOf(NodeMark);
        var slash = first < 0 ? -1 : key.IndexOf('/', first);
        var last = key.LastIndexOf(NodeMark);
        return slash > 0 && last > slash && long.TryParse(key.AsSpan(first + 1, slash - first - 1), out var epoch)
               && key.AsSpan(slash + 1, last - slash - 1) is ['d', 'p', .. var number] && int.TryParse(number, out var rank)
            ? (key[..first], epoch, rank)
            : throw new FormatException($"The key of a rank must look like model/r0@7/dp0@node and is '{key}'.");
    }
}
