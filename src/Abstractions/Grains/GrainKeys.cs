using System.Globalization;
using Grid.Abstractions.Replicas;

namespace Grid.Abstractions.Grains;

/// <summary>
/// Keys of the grains. What holds device state carries epoch and node, as in <c>MODEL/r0@7/dp0/pp1/tp0@node-a</c>; people see the id
/// without them. The model's part is free text, so keys are read from the right.
/// </summary>
public static class GrainKeys
{
    /// <summary>The key of the one <see cref="IGridGrain"/>.</summary>
    public const string Grid = "grid";

    private const char Mark = '@';

    /// <summary>The key of a shard: <c>MODEL/r0@7/dp0/pp1/tp0@node-a</c>.</summary>
    public static string Shard(ReplicaPlan plan, ShardPlan shard) => $"{plan.Id}{Mark}{plan.Epoch}/{shard.Shard}{Mark}{shard.Node}";

    /// <summary>The key of a data-parallel rank: <c>MODEL/r0@7/dp0@node-a</c>.</summary>
    public static string Rank(RankId rank, long epoch, string node) =>
        $"{rank.Replica}{Mark}{epoch}/{RankId.ShortName(rank.Number)}{Mark}{node}";

    /// <summary>The node that a key names: what follows its last <c>@</c>, or all of a node's own key.</summary>
    public static string NodeOf(string key) => key[(key.LastIndexOf(Mark) + 1)..];

    /// <summary>The parts of a rank's key.</summary>
    /// <exception cref="FormatException">The key is not a rank's.</exception>
    public static (RankId Rank, long Epoch) ParseRank(string key)
    {
        var last = key.LastIndexOf(Mark);
        var first = last > 0 ? key.LastIndexOf(Mark, last - 1) : -1;
        var slash = first < 0 ? -1 : key.IndexOf('/', first, last - first);
        return slash > 0
            && long.TryParse(key.AsSpan(first + 1, slash - first - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var epoch)
               && RankId.TryParse(key[..first] + key[slash..last], out var rank)
            ? (rank, epoch)
            : throw new FormatException($"The key of a rank must be MODEL/rN@EPOCH/dpN@NODE; got '{key}'.");
    }
}
