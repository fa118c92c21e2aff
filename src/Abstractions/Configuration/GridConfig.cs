namespace Grid.Abstractions.Configuration;

/// <summary>The desired state: the content of grid.yaml.</summary>
/// <param name="Name">The value of metadata.name.</param>
/// <param name="Gateway">How requests are routed, queued and resumed.</param>
/// <param name="Models">Sorted by name; names are unique.</param>
[GenerateSerializer(IncludePrimaryConstructorParameters = false), Alias("grid.GridConfig"), Immutable]
public sealed record GridConfig(
    [property: Id(0)] string Name,
    [property: Id(1)] GatewaySpec Gateway,
    [property: Id(2)] ModelSpec[] Models);
