using Microsoft.AspNetCore.Connections;
using Orleans.Configuration;
using Orleans.Connections.Security;

namespace Grid.Cluster.Security;

/// <summary>Mutual TLS on Orleans' links: silo to silo, client to silo.</summary>
internal static class OrleansTls
{
    /// <summary>A silo's links, both ways, and its gateway for clients.</summary>
    /// <param name="tls">This node's TLS; null for plain links.</param>
    public static ISiloBuilder UseNodeTls(this ISiloBuilder silo, NodeTls? tls) =>
        tls is null ? silo : silo.Configure<SiloConnectionOptions>(options =>
    {
        options.ConfigureSiloInboundConnection(link => Accept(link, tls, "the silo port", NodeRoles.Silo, NodeRoles.Head));
        options.ConfigureSiloOutboundConnection(link => link.UseClientTls(Options(tls, [NodeRoles.Silo, NodeRoles.Head])));
        options.ConfigureGatewayInboundConnection(link => Accept(link, tls, "the silo's client port"));
    });

    /// <summary>A client's links to silos.</summary>
    /// <param name="tls">This node's TLS; null for plain links.</param>
    public static IClientBuilder UseNodeTls(this IClientBuilder client, NodeTls? tls) =>
        tls is null ? client : client.Configure<ClientConnectionOptions>(options =>
        options.ConfigureConnection(link => link.UseClientTls(Options(tls, [NodeRoles.Silo, NodeRoles.Head]))));

    private static void Accept(IConnectionBuilder link, NodeTls tls, string name, params string[] roles)
    {
        var guard = new HandshakeGuard(name, tls.Log);
        link.Use(guard.Before);
        link.UseServerTls(new TlsOptions
        {
            LocalServerCertificateSelector = (_, _) => tls.Certificates.Current,
            RemoteCertificateMode = RemoteCertificateMode.RequireCertificate,
            RemoteCertificateValidation = (certificate, _, _) => tls.AcceptsClient(certificate, $"a peer of {name}", roles),
        });
        link.Use(HandshakeGuard.After);
    }

    private static TlsOptions Options(NodeTls tls, string[] roles) => new()
    {
        LocalClientCertificateSelector = (_, _, _, _, _) => tls.Certificates.Current,
        RemoteCertificateMode = RemoteCertificateMode.RequireCertificate,
        RemoteCertificateValidation = (certificate, _, errors) => tls.AcceptsServer(certificate, errors, "a silo", roles),
        OnAuthenticateAsClient = (_, options) => options.TargetHost = NodeIdentity.AnyNode,
    };
}
