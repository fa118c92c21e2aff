namespace Grid.Abstractions.Nodes;

/// <summary>The answer of POST .../probe.</summary>
/// <param name="From">The node that measured.</param>
/// <param name="To">The node that it measured the link to; itself for its own devices.</param>
/// <param name="Transport">The transport, such as TCP with mutual TLS, a Unix socket or shared memory; null if they cannot reach each
/// other.</param>
/// <param name="RoundTripMicroseconds">The median round trip; null if it was not measured.</param>
/// <param name="GigabytesPerSecond">The rate in one direction; null if it was not measured.</param>
/// <param name="Error">Why they cannot reach each other; null if they can.</param>
public sealed record ProbeView(string From, string To, string? Transport, double? RoundTripMicroseconds, double? GigabytesPerSecond,
    string? Error)
{
    /// <summary>Makes a view of what was measured.</summary>
    public static ProbeView Of(string from, string to, LinkSpeed speed) =>
        new(from, to, speed.Transport, speed.RoundTripMicroseconds, speed.GigabytesPerSecond, speed.Error);
}
