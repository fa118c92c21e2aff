namespace Grid.Cluster.Security;

internal static partial class Log
{
    [LoggerMessage(3000, LogLevel.Information, "Renewed the node's certificate: it is valid until {Expires:u}")]
    public static partial void CertificateRenewed(this ILogger logger, DateTimeOffset expires);

    [LoggerMessage(3001, LogLevel.Warning,
        "The node's certificate could not be renewed: {Reason} It is valid until {Expires:u}; trying again in {Wait}")]
    public static partial void CertificateNotRenewed(this ILogger logger, string reason, DateTimeOffset expires, TimeSpan wait);

    [LoggerMessage(3002, LogLevel.Warning,
        "Refused a connection from {Peer} to {Link}: it sent plain bytes (the first is 0x{Byte:x2}); this endpoint requires TLS with a "
        + "certificate of this grid.")]
    public static partial void PlainBytesRefused(this ILogger logger, object? peer, string link, byte @byte);

    [LoggerMessage(3003, LogLevel.Warning,
        "The TLS handshake of {Peer} with {Link} failed: it presented no certificate, one side refused the other's, or the connection was "
        + "aborted.")]
    public static partial void HandshakeFailed(this ILogger logger, object? peer, string link);

    [LoggerMessage(3004, LogLevel.Warning,
        "{Peer} left the join port without a join request after it saw this head's certificate: its token or data folder names another "
        + "authority than {Hash}.")]
    public static partial void JoinAbandoned(this ILogger logger, object? peer, string hash);

    [LoggerMessage(3005, LogLevel.Warning, "Refused {Link}: {Reason}.")]
    public static partial void PeerRefused(this ILogger logger, string link, string reason);
}
