using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Grid.Cluster.Security;

/// <summary>
/// A node's certificate and authority, in its data folder and in memory. The key stays, so that a renewal replaces one file.
/// </summary>
public sealed class NodeCertificates
{
    /// <summary>The node's private key, mode 0600.</summary>
    public const string KeyFile = "node.key";

    /// <summary>The node's certificate.</summary>
    public const string CertificateFile = "node.crt";

    private readonly string _folder;
    private volatile SslStreamCertificateContext _context;

    private NodeCertificates(string folder, X509Certificate2 authority, X509Certificate2 certificate)
    {
        _folder = folder;
        Authority = authority;
        _context = ContextOf(certificate);
    }

    /// <summary>The only root that this node trusts.</summary>
    public X509Certificate2 Authority { get; }

    /// <summary>With its key; changes at a renewal.</summary>
    public X509Certificate2 Current => _context.TargetCertificate;

    /// <summary>When a third of the life is left.</summary>
    public DateTimeOffset RenewAt => Expires - (Expires - new DateTimeOffset(Current.NotBefore)) / 3;

    /// <summary>The last moment that peers accept it.</summary>
    public DateTimeOffset Expires => new(Current.NotAfter);

    /// <summary>What TLS presents.</summary>
    internal SslStreamCertificateContext Context => _context;

    /// <summary>What a data folder holds, or null where something is missing or does not belong together.</summary>
    public static NodeCertificates? Load(string folder)
    {
        string[] files = [Path.Combine(folder, CertificateAuthority.CertificateFile), Path.Combine(folder, CertificateFile),
            Path.Combine(folder, KeyFile)];
        if (!files.All(File.Exists)) return null;
        try
        {
            return new NodeCertificates(folder, X509CertificateLoader.LoadCertificateFromFile(files[0]),
                X509Certificate2.CreateFromPemFile(files[1], files[2]));
        }
        catch (Exception fault) when (fault is CryptographicException or ArgumentException)
        {
            return null;
        }
    }

    /// <summary>Keeps what an authority signed for the key of <see cref="Key"/>.</summary>
    public static NodeCertificates Save(string folder, string authorityPem, string certificatePem)
    {
        AtomicFile.Write(Path.Combine(folder, CertificateAuthority.CertificateFile), authorityPem);
        AtomicFile.Write(Path.Combine(folder, CertificateFile), certificatePem);
        return Load(folder)
            ?? throw new SecurityException(
            $"The certificate that was just written to {folder} does not fit its key ({KeyFile}): delete both files and join again.");
    }

    /// <summary>The folder's key; made where there is none.</summary>
    public static ECDsa Key(string folder)
    {
        var file = Path.Combine(folder, KeyFile);
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        if (!File.Exists(file))
        {
            Directory.CreateDirectory(folder);
            AtomicFile.WriteSecret(file, key.ExportPkcs8PrivateKeyPem());
            return key;
        }

        key.ImportFromPem(File.ReadAllText(file));
        return key;
    }

    /// <summary>Takes a renewed certificate into use: new handshakes present it, running connections stay.</summary>
    public void Replace(string certificatePem)
    {
        AtomicFile.Write(Path.Combine(_folder, CertificateFile), certificatePem);
        _context = ContextOf(X509Certificate2.CreateFromPemFile(Path.Combine(_folder, CertificateFile), Path.Combine(_folder, KeyFile)));
    }

    private static SslStreamCertificateContext ContextOf(X509Certificate2 certificate) =>
        SslStreamCertificateContext.Create(Usable(certificate), additionalCertificates: null, offline: true);

    // Windows' TLS takes no key that lives in memory alone.
    private static X509Certificate2 Usable(X509Certificate2 certificate) =>
        OperatingSystem.IsWindows() ? X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null) : certificate;
}
