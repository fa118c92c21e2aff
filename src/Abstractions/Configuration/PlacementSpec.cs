namespace Grid.Abstractions.Configuration;

/// <summary>models[].placement in grid.yaml.</summary>
/// <param name="NodeSelector">Labels that a node must carry.</param>
/// <param name="Spread">node: replicas on different nodes where possible; none.</param>
/// <param name="Priority">Higher is placed first.</param>
[GenerateSerializer, Immutable]
public sealed record PlacementSpec(
    Dictionary<string, string>? NodeSelector = null,
    string Spread = "node",
    int Priority = 0);
