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
    /// <summary>What people see: <c>smollm2/r0</c>.</summary>
    public string Id => $"{Model}/r{Index}";
}
