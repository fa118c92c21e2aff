using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Grid.Hosting.Http;

/// <summary>A small web server on one port.</summary>
public sealed class KestrelEndpoint : IAsyncDisposable
{
    private readonly WebApplication _app;

    private KestrelEndpoint(WebApplication app, IPEndPoint endPoint) => (_app, EndPoint) = (app, endPoint);

    /// <summary>Where it listens.</summary>
    public IPEndPoint EndPoint { get; }

    /// <summary>Listens.</summary>
    /// <param name="address">The address to listen on.</param>
    /// <param name="port">0 for a free one.</param>
    /// <param name="logging">Adds the log providers of the process.</param>
    /// <param name="listen">Configures the endpoint, such as its TLS; null for plain HTTP.</param>
    /// <param name="map">Adds the endpoints; null if the listener answers by itself.</param>
    /// <exception cref="IOException">The port is taken.</exception>
    public static async Task<KestrelEndpoint> StartAsync(
        IPAddress address, int port, Action<ILoggingBuilder> logging, Action<ListenOptions>? listen, Action<WebApplication>? map = null)
    {
        // Followers of events never end by themselves.
        var app = HttpHost.CreateBuilder(address, port, logging, listen, TimeSpan.FromSeconds(1)).Build();
        map?.Invoke(app);
        return new KestrelEndpoint(app, await HttpHost.StartAsync(app, address));
    }

    /// <summary>Stops listening; connections that are still open after a second are cut.</summary>
    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
    }
}
