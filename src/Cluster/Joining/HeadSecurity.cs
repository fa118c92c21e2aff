using System.Security.Cryptography.X509Certificates;
using Grid.Cluster.Security;

namespace Grid.Cluster.Joining;

/// <summary>The head's own keys: the authority, the tokens and a certificate that it signs for itself.</summary>
public sealed class HeadSecurity
{
    private HeadSecurity(CertificateAuthority authority, TokenStore tokens, NodeTls tls, ICertificateIssuer issuer)
    {
        Authority = authority;
        Tokens = tokens;
        Tls = tls;
        Issuer = issuer;
    }

    /// <summary>Signs for every node.</summary>
    public CertificateAuthority Authority { get; }

    /// <summary>For <c>grid token create</c>.</summary>
    public TokenStore Tokens { get; }

    /// <summary>For all links.</summary>
    public NodeTls Tls { get; }

    /// <summary>For <see cref="CertificateRenewal"/>.</summary>
    public ICertificateIssuer Issuer { get; }

    /// <summary>
    /// Opens a head's data folder, and makes what is not there yet. The head signs itself a new certificate at each start.
    /// </summary>
    /// <exception cref="SecurityException">Its files cannot be used.</exception>
    public static HeadSecurity Open(string dataFolder, string name, string address, string[] roles, TimeProvider time, ILoggerFactory logs)
    {
        var authority = CertificateAuthority.Open(dataFolder, time);
        var issuer =
            new OwnIssuer(dataFolder, authority, new NodeIdentity(name, address, [.. roles.Union([NodeRoles.Head])], authority.ClusterId));
        var own = NodeCertificates.Save(dataFolder, authority.Certificate.ExportCertificatePem(), issuer.Issue());
        return new HeadSecurity(authority, new TokenStore(dataFolder, authority, time), new NodeTls(own, time, logs), issuer);
    }

    private sealed class OwnIssuer(string folder, CertificateAuthority authority, NodeIdentity identity) : ICertificateIssuer
    {
        public string Issue()
        {
            using var key = NodeCertificates.Key(folder);
            using var certificate = authority.Issue(new PublicKey(key), identity);
            return certificate.ExportCertificatePem();
        }

        public Task<string> RenewAsync(CancellationToken cancellation) => Task.FromResult(Issue());
    }
}
