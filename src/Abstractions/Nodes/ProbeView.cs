namespace Grid.Abstractions.Nodes;

/// <summary>The answer of POST .../probe.</summary>
/// <param name="From">The node that measured.</param>
/// <param name="To">Its peer; itself: between its own devices.</param>
/// <param name="Transport">Such as TCP with mutual TLS, Unix socket, shared memory; null: there is no way.</param>
/// <param name="RoundTripMicroseconds">Median; null: not measured.</param>
/// <param name="GigabytesPerSecond">One way; null: not measured.</param>
/// <param name="Error">Why there is no way; null: there is one.</param>
public sealed record ProbeView(string From, string To, string? Transport, double? RoundTripMicroseconds, double? GigabytesPerSecond,
    string? Error)
{
    /// <summary>As it was measured.</summary>
    public static ProbeView Of(string from, string to, LinkSpeed speed) =>
        new(from, to, speed.Transport, speed.RoundTripMicroseconds, speed.GigabytesPerSecond, speed.Error);
}
