using Grid.Abstractions.Configuration;

namespace Grid.Abstractions.Replicas;

/// <summary>A placed replica. A new placement is a new plan under a higher epoch.</summary>
/// <param name="Model">The model.</param>
/// <param name="Index">N of rN.</param>
/// <param name="Epoch">Unique in the grid; only ever rises.</param>
/// <param name="Revision">Of source, files, engine and parallelism.</param>
/// <param name="Spec">What to load.</param>
/// <param name="Layout">Its sizes.</param>
/// <param name="Shards">One a shard, ranks in order: tensor fastest, then pipeline, then data; then experts.</param>
/// <param name="PipelineLayers">Layers of each stage; null: by the specification, or vLLM's rule.</param>
/// <param name="Reasons">Why this layout, in sentences; null: it was asked for.</param>
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
    /// What is wanted of a shard while the whole is wanted so: a rank that is being removed is drained while the others serve.
    /// </summary>
    public ReplicaTarget TargetOf(ShardId shard, ReplicaTarget target) =>
        target == ReplicaTarget.Serve && IsLeaving(shard) ? ReplicaTarget.Drain : target;
}
