using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace Grid.Cluster.Security;

/// <summary>Mutual TLS on Kestrel's endpoints, HTTP or connection handlers.</summary>
public static class KestrelTls
{
    /// <summary>Demands a certificate of this grid.</summary>
    /// <param name="listen">The endpoint.</param>
    /// <param name="tls">Null: plain.</param>
    /// <param name="roles">Any of <see cref="NodeRoles"/>; none: every member.</param>
    public static ListenOptions UseNodeTls(this ListenOptions listen, NodeTls? tls, params string[] roles) => Use(listen, tls, true, roles);

    /// <summary>Takes connections without a certificate too: the join port, where a token may stand for it.</summary>
    public static ListenOptions UseJoinTls(this ListenOptions listen, NodeTls tls) => Use(listen, tls, false, []);

    private static ListenOptions Use(ListenOptions listen, NodeTls? tls, bool certificateRequired, string[] roles)
    {
        if (tls is null) return listen;
        var guard = new HandshakeGuard(listen.ToString() ?? "an endpoint", tls.Log);
        listen.Use(guard.Before);
        listen.UseHttps(new TlsHandshakeCallbackOptions
        {
            OnConnection = context => new(tls.ServerOptions(context.Connection.RemoteEndPoint?.ToString(), certificateRequired, roles)),
        });
        listen.Use(HandshakeGuard.After);
        return listen;
    }
}
