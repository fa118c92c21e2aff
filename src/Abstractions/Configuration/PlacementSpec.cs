namespace Grid.Abstractions.Configuration;

/// <summary>An entry models[].placement in grid.yaml.</summary>
/// <param name="NodeSelector">Labels that a node must carry.</param>
/// <param name="Spread">Either node, for replicas on different nodes where possible, or none.</param>
/// <param name="Priority">Models of higher priority are placed first.</param>
[GenerateSerializer(IncludePrimaryConstructorParameters = false), Alias("grid.PlacementSpec"), Immutable]
public sealed record PlacementSpec(
    [property: Id(0)] Dictionary<string, string>? NodeSelector = null,
    [property: Id(1)] string Spread = "node",
    [property: Id(2)] int Priority = 0);
