namespace Grid.Abstractions.Nodes;

/// <summary>What moves bytes between two nodes, or between the devices of one, and how fast.</summary>
/// <param name="Transport">In words; null: they cannot reach each other.</param>
/// <param name="RoundTripMicroseconds">Median of short messages; null: not measured.</param>
/// <param name="GigabytesPerSecond">Of large ones, one way; null: not measured.</param>
/// <param name="Error">Why there is no way; null: there is one.</param>
[GenerateSerializer(IncludePrimaryConstructorParameters = false), Alias("grid.LinkSpeed"), Immutable]
public sealed record LinkSpeed(
    [property: Id(0)] string? Transport,
    [property: Id(1)] double? RoundTripMicroseconds,
    [property: Id(2)] double? GigabytesPerSecond,
    [property: Id(3)] string? Error)
{
    /// <summary>There is no way.</summary>
    public static LinkSpeed Failed(string error) => new(null, null, null, error);
}
