using Grid.Abstractions.Replicas;
using Grid.Engine;
using Grid.Grains.Store;

namespace Grid.Silo.Shards;

/// <summary>How the shards of a replica lie over nodes.</summary>
internal static class ShardLayout
{
    /// <summary>Whether the rank of a shard has shards on other nodes.</summary>
    public static bool IsSpread(ReplicaPlan plan, string shard) =>
        RankPlaces(plan, ShardNames.RankOf(shard)).Select(place => place.Incarnation).Distinct().Count() > 1;

    /// <summary>Whether a shard stands for tensors that are not there.</summary>
    public static bool IsSimulated(ReplicaPlan plan, ShardPlan place) =>
        plan.Spec.Source == "sim" || place.Device.StartsWith("sim:", StringComparison.Ordinal);

    /// <summary>The shards of a rank, tensor fastest.</summary>
    public static ShardPlan[] RankPlaces(ReplicaPlan plan, int? rank) =>
        [.. plan.Shards.Where(place => rank is not null && ShardNames.RankOf(place.Shard) == rank)];

    /// <summary>Refuses what a ShardHost cannot carry out: ranks, and experts with their ranks, over nodes without a data plane.</summary>
    /// <exception cref="ModelLoadException">Of kind <see cref="ModelLoadFault.Layout"/>.</exception>
    public static void Check(ReplicaPlan plan, string shard, ShardHostOptions options)
    {
        if (plan.Layout.Expert > 0 && plan.Shards.Any(place => place.Node != options.Node)
            && (options.DataPlane is null || plan.Shards.Any(place => place.DataPlane.Length == 0)))
            throw new ModelLoadException(
                $"{plan.Id}/{shard} belongs to a replica with expert shards over several nodes, and not all of them have a data plane.",
                ModelLoadFault.Layout);
        if (plan.Layout.Expert > 0 && plan.Spec.Parallelism?.Backend == "process" && plan.Shards.Any(place => place.Node != options.Node))
            throw new ModelLoadException(
                $"{plan.Id} has expert shards over several nodes, and parallelism.backend is process, which is for one host. Leave "
                + "backend out, or use a node with more memory.", ModelLoadFault.Layout);
        if (IsSpread(plan, shard)
            && (options.DataPlane is null || RankPlaces(plan, ShardNames.RankOf(shard)).Any(place => place.DataPlane.Length == 0)))
            throw new ModelLoadException($"{plan.Id}/{shard} belongs to a rank over several nodes, and not all of them have a data plane.",
                ModelLoadFault.Layout);
    }
}
