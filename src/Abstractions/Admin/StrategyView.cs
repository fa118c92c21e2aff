namespace Grid.Abstractions.Admin;

/// <summary>The sizes of a replica's layout.</summary>
/// <param name="Tensor">Tensor parallel size.</param>
/// <param name="Pipeline">Pipeline parallel size.</param>
/// <param name="Data">Data parallel size.</param>
/// <param name="Expert">Expert parallel size.</param>
[GenerateSerializer(IncludePrimaryConstructorParameters = false), Alias("grid.StrategyView"), Immutable]
public sealed record StrategyView(
    [property: Id(0)] int Tensor,
    [property: Id(1)] int Pipeline,
    [property: Id(2)] int Data,
    [property: Id(3)] int Expert);
