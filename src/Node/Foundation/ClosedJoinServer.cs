using System.Net;
using Grid.Hosting.Http;
using Grid.Hosting.Logging;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Grid.Node.Foundation;

/// <summary>
/// The join port of a grid of one process. Such a grid has no certificates and cannot be joined, so every request is answered with 404
/// <c>not_supported</c> and the command that starts a grid which can.
/// </summary>
internal static class ClosedJoinServer
{
    private const string Message = "A grid of one process cannot be joined; start it with 'grid up --head'.";

    /// <summary>Listens on a port.</summary>
    /// <param name="address">The address to listen on.</param>
    /// <param name="port">The port, or 0 for a free one.</param>
    /// <param name="jsonLogs">Whether log lines are JSON.</param>
    public static Task<KestrelEndpoint> StartAsync(IPAddress address, int port, bool jsonLogs) => ListenFault.GuardAsync(
        () => KestrelEndpoint.StartAsync(address, port, builder => builder.AddStderr(jsonLogs), null, app => app.Run(context =>
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return context.Response.WriteAsJsonAsync(
                new { error = new { code = "not_supported", message = Message, details = Array.Empty<string>() } });
        })),
        address,
        port,
        "--port-base");
}
