namespace Grid.Abstractions.Admin;

/// <summary>A gateway, as the grid's status shows it.</summary>
/// <param name="Name">The name of its node.</param>
/// <param name="Url">The base URL of its API.</param>
/// <param name="TableVersion">The version of the routing table that it uses.</param>
/// <param name="TableAgeSeconds">Seconds since that table was created.</param>
[GenerateSerializer(IncludePrimaryConstructorParameters = false), Alias("grid.GatewayView"), Immutable]
public sealed record GatewayView(
    [property: Id(0)] string Name,
    [property: Id(1)] string Url,
    [property: Id(2)] long TableVersion,
    [property: Id(3)] double TableAgeSeconds);
