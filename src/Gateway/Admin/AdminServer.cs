using System.Net;
using Grid.Cluster.Http;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace Grid.Gateway.Admin;

/// <summary>The admin API on a port of its own.</summary>
public sealed class AdminServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private AdminServer(WebApplication app, IPAddress address)
    {
        _app = app;
        var bound = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        EndPoint = new IPEndPoint(address, new Uri(bound).Port);
    }

    /// <summary>Where it listens.</summary>
    public IPEndPoint EndPoint { get; }

    /// <summary>Listens.</summary>
    /// <param name="options">What it works with.</param>
    /// <param name="address">Where.</param>
    /// <param name="port">0 for a free one.</param>
    /// <param name="logging">Where logs go.</param>
    /// <exception cref="IOException">The port is taken.</exception>
    public static async Task<AdminServer> StartAsync(AdminOptions options, IPAddress address, int port, Action<ILoggingBuilder> logging)
    {
        // Empty: no settings file of the folder that the command is run in has a say here.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        logging(builder.Logging);
        builder.Services.AddRouting();
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(address, port);
        });
        // Followers of events never end by themselves.
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(1));
        var app = builder.Build();
        app.UseRouting();
        app.MapAdmin(options);
        try
        {
            await app.StartAsync();
            return new AdminServer(app, address);
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
    }

    /// <summary>Stops listening; followers are cut.</summary>
    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
    }
}
