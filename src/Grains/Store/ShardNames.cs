using System.Globalization;
using Grid.Abstractions.Replicas;

namespace Grid.Grains.Store;

/// <summary>What the name of a shard says: <c>dp0/pp1/tp0</c> of a rank, or <c>ep3</c> with experts that all ranks share.</summary>
public static class ShardNames
{
    private const string First = "/pp0/tp0";

    /// <summary>Holds experts.</summary>
    public static bool IsExpert(string shard) => shard.StartsWith("ep", StringComparison.Ordinal);

    /// <summary>N of dpN; null for an expert shard.</summary>
    public static int? RankOf(string shard) =>
        shard.StartsWith("dp", StringComparison.Ordinal) && shard.IndexOf('/') is > 2 and var end &&
        int.TryParse(shard.AsSpan(2, end - 2), NumberStyles.None, CultureInfo.InvariantCulture, out var rank) ? rank : null;

    /// <summary>The shard that drives a rank.</summary>
    public static string FirstOf(int rank) => $"dp{rank}{First}";

    /// <summary>The rank whose driver it is; null: it is another shard.</summary>
    public static int? DrivenBy(string shard) => shard.EndsWith(First, StringComparison.Ordinal) ? RankOf(shard) : null;

    /// <summary>What is wanted of a shard of a plan: a rank that is being taken away is drained while the others serve.</summary>
    public static ReplicaTarget TargetOf(ReplicaPlan plan, string shard, ReplicaTarget target) =>
        target == ReplicaTarget.Serve && IsLeaving(plan, shard) ? ReplicaTarget.Drain : target;

    /// <summary>It belongs to a rank above the plan's layout, which is being taken away.</summary>
    public static bool IsLeaving(ReplicaPlan plan, string shard) => RankOf(shard) is { } rank && rank >= plan.Layout.Data;
}
