using System.Net;

namespace Grid.Hosting.Http;

/// <summary>
/// Answers only requests that name this machine, on a server that listens on loopback: a web page whose name was made to resolve to
/// 127.0.0.1 (DNS rebinding) names its own host.
/// </summary>
/// <param name="next">What comes after.</param>
/// <param name="allowed">
/// Further hosts (<c>--allowed-host</c>), such as that of a reverse proxy on this machine; <c>*</c> allows all.
/// </param>
public sealed class HostMiddleware(RequestDelegate next, IReadOnlyList<string> allowed)
{
    private const int LongestShown = 128;

    /// <summary>Calls the next middleware, or refuses.</summary>
    /// <exception cref="ApiException">421: another host is meant.</exception>
    public Task InvokeAsync(HttpContext context)
    {
        var host = context.Request.Host.Host;
        if (IsLocal(host) || allowed.Contains("*") || allowed.Contains(host, StringComparer.OrdinalIgnoreCase)) return next(context);
        throw new ApiException(StatusCodes.Status421MisdirectedRequest,
            $"Host must be localhost, a loopback address or one of --allowed-host; got '{Shorten(host)}'.",
            code: "host_not_allowed");
    }

    private static string Shorten(string host) => host.Length <= LongestShown ? host : host[..LongestShown] + "...";

    // HTTP/1.0 has no Host.
    private static bool IsLocal(string host) =>
        host.Length == 0 || host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host.AsSpan().Trim("[]"), out var address) && IPAddress.IsLoopback(address));
}
