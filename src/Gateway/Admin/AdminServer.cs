using System.Net;

namespace Grid.Gateway.Admin;

/// <summary>The admin API on its own port, with the probes of the process, which need no key.</summary>
public sealed class AdminServer : IAsyncDisposable
{
    private readonly KestrelEndpoint _endpoint;

    private AdminServer(KestrelEndpoint endpoint) => _endpoint = endpoint;

    /// <summary>Where it listens.</summary>
    public IPEndPoint EndPoint => _endpoint.EndPoint;

    /// <summary>Listens.</summary>
    /// <param name="options">What the API works with.</param>
    /// <param name="address">The address to listen on.</param>
    /// <param name="port">0 for a free one.</param>
    /// <param name="logging">Adds the log providers of the process.</param>
    /// <exception cref="IOException">The port is taken.</exception>
    public static async Task<AdminServer> StartAsync(AdminOptions options, IPAddress address, int port, Action<ILoggingBuilder> logging) =>
        new(await KestrelEndpoint.StartAsync(address, port, logging, null, app =>
        {
            app.UseRouting();
            app.MapProbes(options.Checks, options.Failure);
            app.MapAdmin(options);
        }));

    /// <summary>Stops listening; followers are cut.</summary>
    public ValueTask DisposeAsync() => _endpoint.DisposeAsync();
}
