using Grid.Abstractions.Configuration;

namespace Grid.Abstractions.Routing;

/// <summary>All that a gateway needs to route; a whole snapshot each time.</summary>
/// <param name="Grid">Incarnation of the grid: versions of another cannot be compared.</param>
/// <param name="Version">Rises with every change but of load.</param>
/// <param name="Gateway">How to route.</param>
/// <param name="Models">Sorted by name.</param>
/// <param name="Time">When it was made.</param>
[GenerateSerializer, Immutable]
public sealed record RoutingTable(
    string Grid,
    long Version,
    GatewaySpec Gateway,
    ModelRoute[] Models,
    DateTimeOffset Time);
