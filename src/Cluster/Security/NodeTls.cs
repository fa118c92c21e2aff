using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace Grid.Cluster.Security;

/// <summary>
/// Mutual TLS between the nodes of one grid: presents this node's current certificate and takes peers of this grid's authority alone.
/// Everywhere that takes one, null means links in plain bytes (one machine on loopback).
/// </summary>
public sealed class NodeTls
{
    private const SslProtocols Protocols = SslProtocols.Tls12 | SslProtocols.Tls13;

    private readonly PeerCheck _check;

    /// <param name="certificates">The certificates of the data folder.</param>
    /// <param name="time">The clock that certificates are held against.</param>
    /// <param name="logs">Refusals are warnings there.</param>
    public NodeTls(NodeCertificates certificates, TimeProvider time, ILoggerFactory logs)
    {
        Certificates = certificates;
        Log = logs.CreateLogger<NodeTls>();
        _check = new PeerCheck(certificates.Authority, time);
    }

    /// <summary>What this node presents and trusts.</summary>
    public NodeCertificates Certificates { get; }

    /// <summary>Who this node is.</summary>
    internal NodeIdentity Identity => NodeIdentity.Read(Certificates.Current);

    internal ILogger Log { get; }

    /// <summary>For an accepted connection.</summary>
    /// <param name="peer">The peer that dialled, for the log.</param>
    /// <param name="certificateRequired">Whether the peer must present a certificate; only on the join port a token may replace it.</param>
    /// <param name="roles">Any of <see cref="NodeRoles"/>; none: every member.</param>
    public SslServerAuthenticationOptions ServerOptions(string? peer = null, bool certificateRequired = true, params string[] roles) =>
        new()
        {
            ServerCertificateContext = Certificates.Context,
            ClientCertificateRequired = true,
            EnabledSslProtocols = Protocols,
            CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
            RemoteCertificateValidationCallback = (_, certificate, _, _) =>
                (certificate is null && !certificateRequired) || AcceptsClient(certificate, peer, roles),
        };

    /// <summary>For a connection that this node makes.</summary>
    /// <param name="host">The IP address or DNS name that was dialled; the peer's certificate must hold it.</param>
    public SslClientAuthenticationOptions ClientOptions(string host) => new()
    {
        TargetHost = host,
        ClientCertificateContext = Certificates.Context,
        EnabledSslProtocols = Protocols,
        CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
        RemoteCertificateValidationCallback = (_, certificate, _, errors) => AcceptsServer(certificate, errors, host),
    };

    /// <summary>For HTTP calls to other nodes; certificates are chosen at each new connection, so it outlives renewals.</summary>
    /// <param name="tls">This node's TLS; null for plain HTTP.</param>
    public static SocketsHttpHandler CreateHandler(NodeTls? tls)
    {
        var handler = new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, UseCookies = false };
        if (tls is not null) handler.SslOptions = tls.HandlerOptions();
        return handler;
    }

    internal bool AcceptsClient(X509Certificate? certificate, string? peer, ReadOnlySpan<string> roles) =>
        Judge(_check.Fault(AsSecond(certificate), ExtendedUsage.Client, roles), $"a connection from {peer ?? "a peer"}");

    internal bool AcceptsServer(X509Certificate? certificate, SslPolicyErrors errors, string? host, params ReadOnlySpan<string> roles)
    {
        var fault = _check.Fault(AsSecond(certificate), ExtendedUsage.Server, roles);
        if (fault is null && errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch))
            fault = $"its certificate is for {NodeIdentity.Read(AsSecond(certificate)!).Address} ({certificate!.Subject}), not for "
                + $"{host}; start that node with --advertise-address {host}, or dial the address that it has";
        return Judge(fault, $"the connection to {host ?? "a peer"}");
    }

    private SslClientAuthenticationOptions HandlerOptions() => new()
    {
        LocalCertificateSelectionCallback = (_, _, _, _, _) => Certificates.Current,
        EnabledSslProtocols = Protocols,
        CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
        RemoteCertificateValidationCallback = (sender, certificate, _, errors) =>
            AcceptsServer(certificate, errors, (sender as SslStream)?.TargetHostName),
    };

    private bool Judge(string? fault, string link)
    {
        if (fault is not null) Log.PeerRefused(link, fault);
        return fault is null;
    }

    private static X509Certificate2? AsSecond(X509Certificate? certificate) =>
        certificate as X509Certificate2
        ?? (certificate is null ? null : X509CertificateLoader.LoadCertificate(certificate.GetRawCertData()));
}
