namespace Grid.Abstractions.Admin;

/// <summary>What moves bytes between two nodes, or between the devices of one, and how fast.</summary>
/// <param name="Transport">In words; null: they cannot reach each other.</param>
/// <param name="RoundTripMicroseconds">Median of short messages; null: not measured.</param>
/// <param name="GigabytesPerSecond">Of large ones, one way; null: not measured.</param>
/// <param name="Error">Why there is no way; null: there is one.</param>
[GenerateSerializer, Immutable]
public sealed record LinkSpeed(
    string? Transport,
    double? RoundTripMicroseconds,
    double? GigabytesPerSecond,
    string? Error)
{
    /// <summary>There is no way.</summary>
    public static LinkSpeed Failed(string error) => new(null, null, null, error);
}
