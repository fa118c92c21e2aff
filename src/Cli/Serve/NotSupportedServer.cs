using System.Net;
using Grid.Cli.Logging;
using Grid.Cluster.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Grid.Cli.Serve;

/// <summary>Listens where a later version's API will be, and answers everything with 404 <c>not_supported</c>.</summary>
internal sealed class NotSupportedServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private NotSupportedServer(WebApplication app, IPAddress address)
    {
        _app = app;
        var bound = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        EndPoint = new IPEndPoint(address, new Uri(bound).Port);
    }

    /// <summary>Where it listens.</summary>
    public IPEndPoint EndPoint { get; }

    /// <summary>Listens on a port.</summary>
    /// <param name="address">Where.</param>
    /// <param name="port">0 for a free one.</param>
    /// <param name="part">What is not there yet, for the answer.</param>
    /// <param name="jsonLogs">Form of its log lines.</param>
    public static Task<NotSupportedServer> StartAsync(IPAddress address, int port, string part, bool jsonLogs) =>
        ListenFault.GuardAsync(() => ListenAsync(address, port, part, jsonLogs), address, port, "--port-base");

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static async Task<NotSupportedServer> ListenAsync(IPAddress address, int port, string part, bool jsonLogs)
    {
        // Empty: no settings file of the folder that the command is run in has a say here.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Logging.AddStderr(jsonLogs);
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(address, port));
        var app = builder.Build();
        app.Run(context =>
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return context.Response.WriteAsJsonAsync(new { error = new { code = "not_supported", message = $"{part} is not supported in this version.", details = Array.Empty<string>() } });
        });
        try
        {
            await app.StartAsync();
            return new NotSupportedServer(app, address);
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
    }
}
