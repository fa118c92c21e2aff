using Grid.Abstractions.Replicas;
using Grid.Engine;

namespace Grid.Silo.Hosting.Shards;

/// <summary>Which layouts a ShardHost can carry out.</summary>
internal static class ShardLayout
{
    /// <summary>Refuses expert shards of their own, and ranks that reach over nodes.</summary>
    /// <exception cref="ModelLoadException">Of kind <see cref="ModelLoadFault.Layout"/>.</exception>
    public static void Check(ReplicaPlan plan, string shard, string node)
    {
        if (ShardName.RankOf(shard) is not { } rank)
            throw new ModelLoadException($"{plan.Id}/{shard}: expert shards of their own are not supported by this node's version. Use parallelism.expert 1.", ModelLoadFault.Layout);
        if (plan.Shards.FirstOrDefault(other => ShardName.RankOf(other.Shard) == rank && other.Node != node) is { } elsewhere)
            throw new ModelLoadException(
                $"{plan.Id}/{shard} is on {node} and {elsewhere.Shard} on {elsewhere.Node}: a rank over several nodes is not supported by this node's version. "
                + "Use smaller tensor and pipeline sizes, or a node with more memory.",
                ModelLoadFault.Layout);
    }
}
