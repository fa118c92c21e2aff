namespace Grid.Abstractions.Admin;

/// <summary>A gateway in GridStatus.</summary>
/// <param name="Name">Its node name.</param>
/// <param name="Url">Of its API.</param>
/// <param name="TableVersion">What it routes by.</param>
/// <param name="TableAgeSeconds">Since it was made.</param>
[GenerateSerializer, Immutable]
public sealed record GatewayView(
    string Name,
    string Url,
    long TableVersion,
    double TableAgeSeconds);
