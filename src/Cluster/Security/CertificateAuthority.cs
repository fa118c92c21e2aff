using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Grid.Cluster.Security;

/// <summary>
/// Signs the certificates of a grid's nodes. It lives in the head's data folder: <c>ca.key</c> gives full control of the grid.
/// </summary>
public sealed class CertificateAuthority
{
    /// <summary>The private key's file, P-256, mode 0600.</summary>
    public const string KeyFile = "ca.key";

    /// <summary>The certificate's file.</summary>
    public const string CertificateFile = "ca.crt";

    /// <summary>How long a node's certificate is good: 30 days.</summary>
    public static readonly TimeSpan NodeLife = TimeSpan.FromDays(30);

    private static readonly TimeSpan Life = TimeSpan.FromDays(3650);

    /// <summary>Certificates start this long before they are signed, because clocks differ.</summary>
    private static readonly TimeSpan Backdating = TimeSpan.FromMinutes(5);

    private readonly X509Certificate2 _signer;
    private readonly TimeProvider _time;

    private CertificateAuthority(X509Certificate2 signer, TimeProvider time)
    {
        _signer = signer;
        _time = time;
        Certificate = X509CertificateLoader.LoadCertificate(signer.RawData);
        ClusterId = NodeIdentity.Read(signer).ClusterId;
    }

    /// <summary>Without its key.</summary>
    public X509Certificate2 Certificate { get; }

    /// <summary>What tokens pin: <see cref="HashOf"/> the certificate.</summary>
    public string Hash => HashOf(Certificate);

    /// <summary>Drawn once, with the key.</summary>
    public string ClusterId { get; }

    /// <summary>SHA-256 of a certificate in lower-case hex, as <c>openssl x509 -fingerprint -sha256</c> prints it.</summary>
    public static string HashOf(X509Certificate2 certificate) => Convert.ToHexStringLower(SHA256.HashData(certificate.RawData));

    /// <summary>The authority of a data folder; made where there is none.</summary>
    /// <exception cref="SecurityException">Its files cannot be read or do not belong together.</exception>
    public static CertificateAuthority Open(string dataFolder, TimeProvider time)
    {
        var key = Path.Combine(dataFolder, KeyFile);
        var certificate = Path.Combine(dataFolder, CertificateFile);
        if (!File.Exists(certificate)) Create(key, certificate, time);
        if (!File.Exists(key))
            throw new SecurityException(
                $"{certificate} is there but {key} is not: this data folder belongs to a node that joined, or its authority's key was "
                + "lost. Give the head another folder (--data-dir), or bring the key back.");
        try
        {
            return new CertificateAuthority(X509Certificate2.CreateFromPemFile(certificate, key), time);
        }
        catch (Exception fault) when (fault is CryptographicException or ArgumentException)
        {
            throw new SecurityException(
                $"{key} and {certificate} cannot be used together: {fault.Message} Bring both back from one backup.", fault);
        }
    }

    /// <summary>A certificate of 30 days for server and client authentication.</summary>
    internal X509Certificate2 Issue(PublicKey key, NodeIdentity identity)
    {
        var request = new CertificateRequest(identity.Subject(), key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([ExtendedUsage.Server, ExtendedUsage.Client], critical: true));
        request.CertificateExtensions.Add(identity.AlternativeNames());
        request.CertificateExtensions.Add(
            X509AuthorityKeyIdentifierExtension.CreateFromCertificate(_signer, includeKeyIdentifier: true, includeIssuerAndSerial: false));
        if (identity.IsAny(NodeRoles.Head)) request.CertificateExtensions.Add(AuthorityExtension.Of(Certificate));
        var now = _time.GetUtcNow();
        return request.Create(_signer, now - Backdating, now + NodeLife, RandomNumberGenerator.GetBytes(16));
    }

    private static void Create(string keyFile, string certificateFile, TimeProvider time)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var cluster = "grid-" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6));
        var subject = new X500DistinguishedNameBuilder();
        subject.AddOrganizationName(cluster);
        subject.AddCommonName("Grid authority");
        var request = new CertificateRequest(subject.Build(), key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        var now = time.GetUtcNow();
        using var certificate = request.CreateSelfSigned(now - Backdating, now + Life);
        Directory.CreateDirectory(Path.GetDirectoryName(keyFile)!);
        AtomicFile.WriteSecret(keyFile, key.ExportPkcs8PrivateKeyPem());
        AtomicFile.Write(certificateFile, certificate.ExportCertificatePem());
    }
}
