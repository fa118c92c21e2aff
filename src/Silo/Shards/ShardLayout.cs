using Grid.Abstractions.Replicas;
using Grid.Engine.Configuration;
using Grid.Primitives.Options;

namespace Grid.Silo.Shards;

/// <summary>How the shards of a replica lie over nodes.</summary>
internal static class ShardLayout
{
    /// <summary>Whether the rank of a shard has shards on other nodes.</summary>
    public static bool IsSpread(ReplicaPlan plan, ShardId shard) =>
        RankPlaces(plan, shard.Rank).Select(place => place.Incarnation).Distinct().Count() > 1;

    /// <summary>Whether a shard has no tensors and is only simulated.</summary>
    public static bool IsSimulated(ReplicaPlan plan, ShardPlan place) =>
        SimulatedModel.Is(plan.Spec.Source) || place.Device.Kind == DeviceKind.Sim;

    /// <summary>Whether each shard runs in a separate process.</summary>
    public static bool HasProcesses(ReplicaPlan plan) =>
        plan.Spec.Parallelism is { Backend: ExecutorBackend.Process };

    /// <summary>The shards of a rank, tensor fastest.</summary>
    public static ShardPlan[] RankPlaces(ReplicaPlan plan, int? rank) =>
        [.. plan.Shards.Where(place => rank is not null && place.Shard.Rank == rank)];

    /// <summary>Places of a plan's expert shards, by number.</summary>
    public static ShardPlan[] ExpertPlaces(ReplicaPlan plan) =>
        [.. plan.Shards.Where(place => place.Shard.IsExpert).OrderBy(place => place.Shard)];

    /// <summary>Refuses what a ShardHost cannot carry out: ranks, and experts with their ranks, over nodes without a data plane.</summary>
    /// <exception cref="ModelLoadException">The layout cannot be carried out (<see cref="ModelLoadFault.Layout"/>).</exception>
    public static void Check(ReplicaPlan plan, ShardId shard, ShardHostOptions options)
    {
        if (plan.Layout.Expert > 0 && plan.Shards.Any(place => place.Node != options.Node)
            && (options.DataPlane is null || plan.Shards.Any(place => place.DataPlane.Length == 0)))
            throw new ModelLoadException(
                $"{plan.Id}/{shard} belongs to a replica with expert shards over several nodes, and not all of them have a data plane.",
                ModelLoadFault.Layout);
        if (plan.Layout.Expert > 0 && HasProcesses(plan) && plan.Shards.Any(place => place.Node != options.Node))
            throw new ModelLoadException(
                $"{plan.Id} has expert shards over several nodes, and parallelism.backend is "
                + $"{EngineChoices.Backends.NameOf(plan.Spec.Parallelism!.Backend)}, which is for one host. Leave backend out, or use a "
                + "node with more memory.", ModelLoadFault.Layout);
        if (IsSpread(plan, shard) && (options.DataPlane is null || RankPlaces(plan, shard.Rank).Any(place => place.DataPlane.Length == 0)))
            throw new ModelLoadException($"{plan.Id}/{shard} belongs to a rank over several nodes, and not all of them have a data plane.",
                ModelLoadFault.Layout);
    }
}
