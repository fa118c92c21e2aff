using Microsoft.AspNetCore.Connections;

namespace Grid.Cluster.Security;

/// <summary>
/// Around the TLS of an endpoint: refuses plain bytes and logs handshakes that failed, which the servers themselves do not report.
/// </summary>
/// <param name="link">What listens, for the log.</param>
/// <param name="log">The log, which gets a warning for each refused handshake.</param>
internal sealed class HandshakeGuard(string link, ILogger log)
{
    private const byte HandshakeRecord = 22;

    private static readonly object Completed = new();
    private static readonly TimeSpan FirstByteTimeout = TimeSpan.FromSeconds(10);

    /// <summary>Before TLS.</summary>
    public ConnectionDelegate Before(ConnectionDelegate next) => async connection =>
    {
        var first = await FirstByteAsync(connection);
        if (first is null) return;
        if (first != HandshakeRecord)
        {
            log.PlainBytesRefused(connection.RemoteEndPoint, link, first.Value);
            connection.Abort(new ConnectionAbortedException("Plain bytes on a TLS endpoint."));
            return;
        }

        await next(connection);
        if (!connection.Items.ContainsKey(Completed))
            log.HandshakeFailed(connection.RemoteEndPoint, link);
    };

    /// <summary>Inside TLS.</summary>
    public static ConnectionDelegate After(ConnectionDelegate next) => connection =>
    {
        connection.Items[Completed] = true;
        return next(connection);
    };

    /// <summary>Reads the first byte without consuming it; null if the peer disconnected or sent nothing in time.</summary>
    private static async ValueTask<byte?> FirstByteAsync(ConnectionContext connection)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(connection.ConnectionClosed);
        patience.CancelAfter(FirstByteTimeout);
        try
        {
            var input = connection.Transport.Input;
            var read = await input.ReadAsync(patience.Token);
            byte? first = read.Buffer.IsEmpty ? null : read.Buffer.FirstSpan[0];
            input.AdvanceTo(read.Buffer.Start);
            return first;
        }
        catch (Exception fault) when (fault is OperationCanceledException or IOException)
        {
            connection.Abort();
            return null;
        }
    }
}
