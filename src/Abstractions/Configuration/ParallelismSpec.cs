using Grid.Primitives.Options;

namespace Grid.Abstractions.Configuration;

/// <summary>An entry models[].parallelism in grid.yaml.</summary>
/// <param name="Auto">Whether the planner decides; the sizes are ignored then.</param>
/// <param name="Tensor">The number of tensor shards per stage.</param>
/// <param name="Pipeline">The number of stages per rank.</param>
/// <param name="Data">The number of data-parallel attention ranks.</param>
/// <param name="Expert">The number of expert shards that the ranks share; 1 if experts have no shards of their own.</param>
/// <param name="PipelineLayers">The number of layers of each stage; null if the planner divides them.</param>
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
