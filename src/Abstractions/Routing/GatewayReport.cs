namespace Grid.Abstractions.Routing;

/// <summary>What a gateway tells each second.</summary>
/// <param name="Name">Its node name.</param>
/// <param name="Url">Its HTTP endpoint.</param>
/// <param name="TableVersion">What it routes by.</param>
/// <param name="TableAgeSeconds">Since it was made.</param>
/// <param name="Queued">Waiting requests by model: what wakes and scales one.</param>
/// <param name="InFlight">Requests by node that it has sent and that have not ended.</param>
/// <param name="Resumed">Streams by node that were resumed away from it.</param>
[GenerateSerializer(IncludePrimaryConstructorParameters = false), Alias("grid.GatewayReport"), Immutable]
public sealed record GatewayReport(
    [property: Id(0)] string Name,
    [property: Id(1)] string Url,
    [property: Id(2)] long TableVersion,
    [property: Id(3)] double TableAgeSeconds,
    [property: Id(4)] Dictionary<string, int> Queued,
    [property: Id(5)] Dictionary<string, int> InFlight,
    [property: Id(6)] Dictionary<string, long> Resumed);
