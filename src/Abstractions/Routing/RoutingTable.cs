using Grid.Abstractions.Configuration;

namespace Grid.Abstractions.Routing;

/// <summary>All that a gateway needs to route; a whole snapshot each time.</summary>
/// <param name="Grid">Incarnation of the grid: versions of another cannot be compared.</param>
/// <param name="Version">Rises with every change but of load.</param>
/// <param name="Gateway">How to route.</param>
/// <param name="Models">Sorted by name.</param>
/// <param name="Time">When it was made.</param>
[GenerateSerializer(IncludePrimaryConstructorParameters = false), Alias("grid.RoutingTable"), Immutable]
public sealed record RoutingTable(
    [property: Id(0)] string Grid,
    [property: Id(1)] long Version,
    [property: Id(2)] GatewaySpec Gateway,
    [property: Id(3)] ModelRoute[] Models,
    [property: Id(4)] DateTimeOffset Time);
