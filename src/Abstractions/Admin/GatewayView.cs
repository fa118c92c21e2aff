namespace Grid.Abstractions.Admin;

/// <summary>A gateway in GridStatus.</summary>
/// <param name="Name">Its node name.</param>
/// <param name="Url">Of its API.</param>
/// <param name="TableVersion">What it routes by.</param>
/// <param name="TableAgeSeconds">Since it was made.</param>
[GenerateSerializer(IncludePrimaryConstructorParameters = false), Alias("grid.GatewayView"), Immutable]
public sealed record GatewayView(
    [property: Id(0)] string Name,
    [property: Id(1)] string Url,
    [property: Id(2)] long TableVersion,
    [property: Id(3)] double TableAgeSeconds);
