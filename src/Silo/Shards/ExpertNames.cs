using System.Globalization;
using Grid.Abstractions.Replicas;
using Grid.Grains.Store;

namespace Grid.Silo.Shards;

/// <summary>Expert shards in a plan.</summary>
internal static class ExpertNames
{
    private const string Prefix = "ep";

    /// <summary>Places of a plan's expert shards, by number.</summary>
    public static ShardPlan[] PlacesOf(ReplicaPlan plan) =>
        [.. plan.Shards.Where(place => ShardNames.IsExpert(place.Shard)).OrderBy(place => NumberOf(place.Shard))];

    /// <summary>3 of ep3.</summary>
    public static int NumberOf(string shard) => int.Parse(shard.AsSpan(Prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture);
}
