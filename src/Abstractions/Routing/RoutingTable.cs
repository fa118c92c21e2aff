using Grid.Abstractions.Configuration;

namespace Grid.Abstractions.Routing;

/// <summary>All that a gateway needs to route requests; each table is complete.</summary>
/// <param name="Grid">The incarnation of the grid; versions of different incarnations cannot be compared.</param>
/// <param name="Version">A number that rises with every change except those of loads.</param>
/// <param name="Gateway">How requests are routed.</param>
/// <param name="Models">The models of the grid, sorted by name.</param>
/// <param name="Time">When it was created.</param>
[GenerateSerializer(IncludePrimaryConstructorParameters = false), Alias("grid.RoutingTable"), Immutable]
public sealed record RoutingTable(
    [property: Id(0)] string Grid,
    [property: Id(1)] long Version,
    [property: Id(2)] GatewaySpec Gateway,
    [property: Id(3)] ModelRoute[] Models,
    [property: Id(4)] DateTimeOffset Time);
