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
[GenerateSerializer, Immutable]
public sealed record ReplicaPlan(
    string Model,
    int Index,
    long Epoch,
    string Revision,
    ModelSpec Spec,
    ReplicaLayout Layout,
    ShardPlan[] Shards,
    int[]? PipelineLayers = null,
    string[]? Reasons = null)
{
    /// <summary>What people see: <c>smollm2/r0</c>.</summary>
    public string Id => $"{Model}/r{Index}";
}
