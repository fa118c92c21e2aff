using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using Grid.Cluster.Security;
using Grid.Hosting.Http;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.DependencyInjection;

namespace Grid.Cluster.Store;

/// <summary>Ends mutual TLS in front of the embedded store, whose own TLS knows no authority of one's own.</summary>
internal static class StoreRelay
{
    public static async Task<KestrelEndpoint> StartAsync(IPAddress address, int port, IPEndPoint target, NodeTls tls, ILoggerFactory logs)
    {
        try
        {
            return await KestrelEndpoint.StartAsync(address, port, builder => builder.Services.AddSingleton(logs), listen =>
            {
                listen.UseNodeTls(tls);
                listen.Run(connection => RelayAsync(connection, target));
            });
        }
        catch (IOException fault)
        {
            throw new StoreException($"The embedded store cannot listen on port {port} of {address} (--port-base): {fault.Message}",
                inner: fault);
        }
    }

    private static async Task RelayAsync(ConnectionContext connection, IPEndPoint target)
    {
        using var socket = new Socket(target.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(target, connection.ConnectionClosed);
        await using var stream = new NetworkStream(socket);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(connection.ConnectionClosed);
        var up = connection.Transport.Input.CopyToAsync(stream, end.Token);
        var down = stream.CopyToAsync(connection.Transport.Output, end.Token);
        await Task.WhenAny(up, down);
        await end.CancelAsync();
        try
        {
            await Task.WhenAll(up, down);
        }
        catch (Exception fault) when (fault is IOException or OperationCanceledException or SocketException or ConnectionResetException)
        {
            // One side went; the other is closed with it.
        }
    }
}
