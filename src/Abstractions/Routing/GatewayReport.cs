namespace Grid.Abstractions.Routing;

/// <summary>What a gateway reports each second.</summary>
/// <param name="Name">The name of its node.</param>
/// <param name="Url">The base URL of its HTTP endpoint.</param>
/// <param name="TableVersion">The version of the routing table that it uses.</param>
/// <param name="TableAgeSeconds">Seconds since that table was created.</param>
/// <param name="Queued">The number of waiting requests by model; they wake and scale it.</param>
/// <param name="InFlight">The number of requests by node that it has sent and that have not ended.</param>
/// <param name="Resumed">The number of streams by node that were resumed elsewhere.</param>
[GenerateSerializer(IncludePrimaryConstructorParameters = false), Alias("grid.GatewayReport"), Immutable]
public sealed record GatewayReport(
    [property: Id(0)] string Name,
    [property: Id(1)] string Url,
    [property: Id(2)] long TableVersion,
    [property: Id(3)] double TableAgeSeconds,
    [property: Id(4)] Dictionary<string, int> Queued,
    [property: Id(5)] Dictionary<string, int> InFlight,
    [property: Id(6)] Dictionary<string, long> Resumed);
