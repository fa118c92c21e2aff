namespace Grid.Abstractions.Routing;

/// <summary>What a gateway tells each second.</summary>
/// <param name="Name">Its node name.</param>
/// <param name="Url">Its HTTP endpoint.</param>
/// <param name="TableVersion">What it routes by.</param>
/// <param name="TableAgeSeconds">Since it was made.</param>
/// <param name="Queued">Waiting requests by model: what wakes and scales one.</param>
/// <param name="InFlight">Requests by node that it has sent and that have not ended.</param>
/// <param name="Resumed">Streams by node that were resumed away from it.</param>
[GenerateSerializer, Immutable]
public sealed record GatewayReport(
    string Name,
    string Url,
    long TableVersion,
    double TableAgeSeconds,
    Dictionary<string, int> Queued,
    Dictionary<string, int> InFlight,
    Dictionary<string, long> Resumed);
