using Grid.Primitives.Options;

namespace Grid.Abstractions.Configuration;

/// <summary>models[].parallelism in grid.yaml.</summary>
/// <param name="Auto">The planner decides; sizes are ignored.</param>
/// <param name="Tensor">Tensor shards a stage.</param>
/// <param name="Pipeline">Stages a rank.</param>
/// <param name="Data">Data-parallel attention ranks.</param>
/// <param name="Expert">Expert shards shared by the ranks; 1: none of their own.</param>
/// <param name="PipelineLayers">Layers of each stage; null: divided by the planner.</param>
/// <param name="Backend">What runs the shards of a rank.</param>
[GenerateSerializer(IncludePrimaryConstructorParameters = false), Alias("grid.ParallelismSpec"), Immutable]
public sealed record ParallelismSpec(
    [property: Id(0)] bool Auto,
    [property: Id(1)] int Tensor = 1,
    [property: Id(2)] int Pipeline = 1,
    [property: Id(3)] int Data = 1,
    [property: Id(4)] int Expert = 1,
    [property: Id(5)] int[]? PipelineLayers = null,
    [property: Id(6)] ExecutorBackend Backend = ExecutorBackend.Grid);
