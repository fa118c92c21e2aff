namespace Grid.Abstractions.Configuration;

/// <summary>models[].parallelism in grid.yaml.</summary>
/// <param name="Auto">The planner decides; sizes are ignored.</param>
/// <param name="Tensor">Tensor shards a stage.</param>
/// <param name="Pipeline">Stages a rank.</param>
/// <param name="Data">Data-parallel attention ranks.</param>
/// <param name="Expert">Expert shards shared by the ranks; 1: none of their own.</param>
/// <param name="PipelineLayers">Layers of each stage; null: divided by the planner.</param>
/// <param name="Backend">inprocess, process or grid.</param>
[GenerateSerializer, Immutable]
public sealed record ParallelismSpec(
    bool Auto,
    int Tensor = 1,
    int Pipeline = 1,
    int Data = 1,
    int Expert = 1,
    int[]? PipelineLayers = null,
    string Backend = "grid");
