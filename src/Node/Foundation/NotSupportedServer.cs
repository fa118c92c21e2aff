using System.Net;
using Grid.Hosting.Http;
using Grid.Hosting.Logging;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Grid.Node.Foundation;

/// <summary>Listens where a later version's API will be, and answers everything with 404 <c>not_supported</c>.</summary>
internal static class NotSupportedServer
{
    /// <summary>Listens on a port.</summary>
    /// <param name="address">Where.</param>
    /// <param name="port">0 for a free one.</param>
    /// <param name="part">What is not there yet, for the answer.</param>
    /// <param name="jsonLogs">Form of its log lines.</param>
    public static Task<KestrelEndpoint> StartAsync(IPAddress address, int port, string part, bool jsonLogs) => ListenFault.GuardAsync(
        () => KestrelEndpoint.StartAsync(address, port, builder => builder.AddStderr(jsonLogs), null, app => app.Run(context =>
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return context.Response.WriteAsJsonAsync(
                new
                {
                    error = new
                    {
                        code = "not_supported", message = $"{part} is not supported in this version.",
                        details = Array.Empty<string>()
                    }
                });
        })),
        address,
        port,
        "--port-base");
}
