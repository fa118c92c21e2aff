namespace Grid.Abstractions.Admin;

/// <summary>Sizes in ReplicaView.</summary>
/// <param name="Tensor">T.</param>
/// <param name="Pipeline">P.</param>
/// <param name="Data">D.</param>
/// <param name="Expert">E.</param>
[GenerateSerializer(IncludePrimaryConstructorParameters = false), Alias("grid.StrategyView"), Immutable]
public sealed record StrategyView(
    [property: Id(0)] int Tensor,
    [property: Id(1)] int Pipeline,
    [property: Id(2)] int Data,
    [property: Id(3)] int Expert);
