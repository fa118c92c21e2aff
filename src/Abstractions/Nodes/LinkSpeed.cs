namespace Grid.Abstractions.Nodes;

/// <summary>What moves bytes between two nodes, or between the devices of one node, and how fast.</summary>
/// <param name="Transport">The transport in words; null if they cannot reach each other.</param>
/// <param name="RoundTripMicroseconds">The median round trip of short messages; null if it was not measured.</param>
/// <param name="GigabytesPerSecond">The rate of large messages in one direction; null if it was not measured.</param>
/// <param name="Error">Why they cannot reach each other; null if they can.</param>
[GenerateSerializer(IncludePrimaryConstructorParameters = false), Alias("grid.LinkSpeed"), Immutable]
public sealed record LinkSpeed(
    [property: Id(0)] string? Transport,
    [property: Id(1)] double? RoundTripMicroseconds,
    [property: Id(2)] double? GigabytesPerSecond,
    [property: Id(3)] string? Error)
{
    /// <summary>The two cannot reach each other.</summary>
    public static LinkSpeed Failed(string error) => new(null, null, null, error);
}
