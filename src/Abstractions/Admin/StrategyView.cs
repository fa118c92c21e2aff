namespace Grid.Abstractions.Admin;

/// <summary>The sizes of a replica's layout.</summary>
/// <param name="Tensor">The tensor parallel size: the number of shards of each layer.</param>
/// <param name="Pipeline">The pipeline parallel size: the number of stages.</param>
/// <param name="Data">The data parallel size: the number of ranks of the replica.</param>
/// <param name="Expert">The expert parallel size: the number of expert shards; 1 without expert parallelism.</param>
[GenerateSerializer(IncludePrimaryConstructorParameters = false), Alias("grid.StrategyView"), Immutable]
public sealed record StrategyView(
    [property: Id(0)] int Tensor,
    [property: Id(1)] int Pipeline,
    [property: Id(2)] int Data,
    [property: Id(3)] int Expert);
