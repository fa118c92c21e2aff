namespace Grid.Abstractions.Configuration;

/// <summary>The desired state: the content of grid.yaml.</summary>
/// <param name="Name">metadata.name.</param>
/// <param name="Gateway">How requests are routed, queued and resumed.</param>
/// <param name="Models">Sorted by name; names are unique.</param>
[GenerateSerializer, Immutable]
public sealed record GridConfig(
    string Name,
    GatewaySpec Gateway,
    ModelSpec[] Models);
