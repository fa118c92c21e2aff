using System.Diagnostics;
using System.Net;
using System.Net.Security;
using Grid.Abstractions.Http;

namespace Grid.Gateway.Forwarding;

/// <summary>Makes the HTTP client from gateways to silos.</summary>
public static class UpstreamHttp
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan IdleTimeout = TimeSpan.FromMinutes(1);

    /// <summary>Whether a request failed because no connection was made: nothing has begun.</summary>
    internal static bool IsConnectFailure(HttpRequestException exception) => exception.HttpRequestError
        is HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError;

    /// <summary>A client that passes everything through and closes a connection at once when its request is cancelled.</summary>
    /// <param name="tls">This node's certificate and the authority that it trusts; null for plain HTTP on one machine.</param>
    /// <param name="processKey">The secret that silos of this process ask for; null where certificates do.</param>
    public static HttpMessageInvoker Create(SslClientAuthenticationOptions? tls = null, string? processKey = null)
    {
        var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            ConnectTimeout = ConnectTimeout,
            PooledConnectionIdleTimeout = IdleTimeout,
            // Otherwise an abandoned stream would be read for a while before its connection is closed.
            MaxResponseDrainSize = 0,
            ResponseDrainTimeout = TimeSpan.Zero,
            ActivityHeadersPropagator = DistributedContextPropagator.Current,
        };
        if (tls is not null) handler.SslOptions = tls;
        return new HttpMessageInvoker(processKey is null ? handler : new ProcessKeyHandler(handler, processKey));
    }

    private sealed class ProcessKeyHandler(HttpMessageHandler inner, string key) : DelegatingHandler(inner)
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            request.Headers.TryAddWithoutValidation(GridHeaders.ProcessKey, key);
            return base.SendAsync(request, cancellationToken);
        }
    }
}
