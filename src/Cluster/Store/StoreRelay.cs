using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using Grid.Cluster.Http;
using Grid.Cluster.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Grid.Cluster.Store;

/// <summary>Ends mutual TLS in front of the embedded store, whose own TLS knows no authority of one's own.</summary>
internal sealed class StoreRelay : IAsyncDisposable
{
    private readonly WebApplication _app;

    private StoreRelay(WebApplication app, int port) => (_app, Port) = (app, port);

    public int Port { get; }

    public static async Task<StoreRelay> StartAsync(IPAddress address, int port, IPEndPoint target, NodeTls tls, ILoggerFactory logs)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton(logs).AddSingleton<IHostLifetime, NoLifetime>();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(address, port, listen =>
        {
            listen.UseNodeTls(tls);
            listen.Run(connection => RelayAsync(connection, target));
        }));
        var app = builder.Build();
        try
        {
            await app.StartAsync();
        }
        catch (IOException fault)
        {
            await app.DisposeAsync();
            throw new StoreException($"The embedded store cannot listen on port {port} of {address} (--port-base): {fault.Message}", inner: fault);
        }

        var bound = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        return new StoreRelay(app, new Uri(bound).Port);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(new CancellationToken(canceled: true));
        await _app.DisposeAsync();
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
