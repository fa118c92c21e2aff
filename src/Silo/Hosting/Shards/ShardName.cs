using System.Globalization;

namespace Grid.Silo.Hosting.Shards;

/// <summary>The name of a shard within its replica: <c>dp0/pp1/tp0</c>, or <c>ep3</c> for experts.</summary>
internal static class ShardName
{
    private const string First = "/pp0/tp0";

    /// <summary>N of dpN; null for an expert shard.</summary>
    public static int? RankOf(string shard) =>
        shard.Split('/') is [['d', 'p', .. var number], _, _] && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var rank) ? rank : null;

    /// <summary>Whether it is the one that drives its rank.</summary>
    public static bool IsFirst(string shard) => shard.EndsWith(First, StringComparison.Ordinal);

    /// <summary>The shard that drives a rank.</summary>
    public static string FirstOf(int rank) => $"dp{rank}{First}";
}
