using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace Grid.Hosting.Http;

/// <summary>A small web server on one port: no settings file of the folder that the command is run in has a say, and signals are left to whoever started it.</summary>
public sealed class KestrelEndpoint : IAsyncDisposable
{
    private readonly WebApplication _app;

    private KestrelEndpoint(WebApplication app, IPAddress address)
    {
        _app = app;
        var bound = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        EndPoint = new IPEndPoint(address, new Uri(bound).Port);
    }

    /// <summary>Where it listens.</summary>
    public IPEndPoint EndPoint { get; }

    /// <summary>Listens.</summary>
    /// <param name="address">Where.</param>
    /// <param name="port">0 for a free one.</param>
    /// <param name="logging">Where logs go.</param>
    /// <param name="listen">TLS and the like; null: plain HTTP.</param>
    /// <param name="map">Adds what answers; null: the listener does.</param>
    /// <exception cref="IOException">The port is taken.</exception>
    public static async Task<KestrelEndpoint> StartAsync(IPAddress address, int port, Action<ILoggingBuilder> logging, Action<ListenOptions>? listen, Action<WebApplication>? map = null)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        logging(builder.Logging);
        builder.Services.AddRouting();
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(address, port, options => listen?.Invoke(options));
        });
        // Followers of events never end by themselves.
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(1));
        var app = builder.Build();
        try
        {
            map?.Invoke(app);
            await app.StartAsync();
            return new KestrelEndpoint(app, address);
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
    }

    /// <summary>Stops listening; whoever is still there after a second is cut.</summary>
    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
    }
}
