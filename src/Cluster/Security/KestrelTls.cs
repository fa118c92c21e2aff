using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace Grid.Cluster.Security;

/// <summary>Mutual TLS on Kestrel's endpoints, HTTP or connection handlers.</summary>
public static class KestrelTls
{
    /// <summary>The key of a connection's items that says that a join request came over it.</summary>
    internal static readonly object JoinAsked = new();

    /// <summary>Demands a certificate of this grid.</summary>
    /// <param name="tls">This node's TLS; null for plain links.</param>
    /// <param name="roles">Any of <see cref="NodeRoles"/>; none: every member.</param>
    public static ListenOptions UseNodeTls(this ListenOptions listen, NodeTls? tls, params string[] roles) => Use(listen, tls, true, roles);

    /// <summary>Accepts connections without a certificate too: on the join port a token may replace it.</summary>
    public static ListenOptions UseJoinTls(this ListenOptions listen, NodeTls tls)
    {
        Use(listen, tls, false, []);
        listen.Use(next => async connection =>
        {
            await next(connection);
            if (!connection.Items.ContainsKey(JoinAsked))
                tls.Log.JoinAbandoned(connection.RemoteEndPoint, CertificateAuthority.HashOf(tls.Certificates.Authority));
        });
        return listen;
    }

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
