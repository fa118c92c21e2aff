using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace Grid.Hosting.Http;

/// <summary>How every web server of the process is built and started.</summary>
public static class HttpHost
{
    /// <summary>
    /// A builder for one port. It reads no settings file of the folder that the process was started in, and leaves signals to the
    /// code that started the server.
    /// </summary>
    /// <param name="address">The address to listen on.</param>
    /// <param name="port">0 for a free one.</param>
    /// <param name="logging">Adds log providers; null for no log.</param>
    /// <param name="listen">Configures the endpoint, such as its TLS; null for plain HTTP.</param>
    /// <param name="shutdownTimeout">How long requests may take to end when the server stops.</param>
    public static WebApplicationBuilder CreateBuilder(
        IPAddress address, int port, Action<ILoggingBuilder>? logging, Action<ListenOptions>? listen, TimeSpan shutdownTimeout)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        logging?.Invoke(builder.Logging);
        builder.Services.AddRouting();
        builder.Services.AddSingleton(BodyBudget.Default);
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = shutdownTimeout);
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            // BodyReader answers with the rule, the limit and the value.
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Listen(address, port, options => listen?.Invoke(options));
        });
        return builder;
    }

    /// <summary>Starts a server; one that cannot start is disposed.</summary>
    /// <returns>The address that the server listens on.</returns>
    /// <exception cref="IOException">The port is taken.</exception>
    public static async Task<IPEndPoint> StartAsync(WebApplication app, IPAddress address, CancellationToken cancellationToken = default)
    {
        try
        {
            await app.StartAsync(cancellationToken);
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }

        var bound = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        return new IPEndPoint(address, new Uri(bound).Port);
    }
}
