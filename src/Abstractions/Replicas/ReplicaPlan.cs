using Grid.Abstractions.Configuration;

namespace Grid.Abstractions.Replicas;

/// <summary>A placed replica. A new placement is a new plan under a higher epoch.</summary>
/// <param name="Model">The name of the model.</param>
/// <param name="Index">The number of the replica in its model.</param>
/// <param name="Epoch">A number that is unique in the grid and only ever rises.</param>
/// <param name="Revision">The revision of source, files, engine options and parallelism.</param>
/// <param name="Spec">The specification of the model.</param>
/// <param name="Layout">The sizes of the replica.</param>
/// <param name="Shards">The places of its shards: ranks in order (tensor fastest, then pipeline, then data), then experts.</param>
/// <param name="PipelineLayers">The number of layers of each stage; null if the specification or vLLM's rule divides them.</param>
/// <param name="Reasons">Why this layout was chosen, in sentences; null if it was asked for.</param>
[GenerateSerializer(IncludePrimaryConstructorParameters = false), Alias("grid.ReplicaPlan"), Immutable]
public sealed record ReplicaPlan(
    [property: Id(0)] string Model,
    [property: Id(1)] int Index,
    [property: Id(2)] long Epoch,
    [property: Id(3)] string Revision,
    [property: Id(4)] ModelSpec Spec,
    [property: Id(5)] ReplicaLayout Layout,
    [property: Id(6)] ShardPlan[] Shards,
    [property: Id(7)] int[]? PipelineLayers = null,
    [property: Id(8)] string[]? Reasons = null)
{
    /// <summary>The replica that is placed.</summary>
    public ReplicaId Id => new(Model, Index);

    /// <summary>Whether a shard belongs to a rank above the layout's number of ranks, which is being removed.</summary>
    public bool IsLeaving(ShardId shard) => shard.Rank >= Layout.Data;

    /// <summary>
    /// What is desired of a shard, given what is desired of its replica: a rank that is being removed is drained while the others serve.
    /// </summary>
    public ReplicaTarget TargetOf(ShardId shard, ReplicaTarget target) =>
        target == ReplicaTarget.Serve && IsLeaving(shard) ? ReplicaTarget.Drain : target;
}
