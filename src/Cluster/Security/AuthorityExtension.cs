using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Grid.Cluster.Security;

/// <summary>
/// The authority's own certificate inside the head's. TLS stacks leave the root out of what they send,
/// and a joiner needs it to check the hash of its token and the head's signature in one exchange.
/// </summary>
internal static class AuthorityExtension
{
    // An arc under 2.25 needs no registration: it is a random UUID.
    private const string Id = "2.25.204717385530171624895104930217645551263";

    public static X509Extension Of(X509Certificate2 authority) => new(Id, authority.RawData, critical: false);

    /// <summary>Null where the certificate carries none.</summary>
    public static X509Certificate2? Read(X509Certificate2 certificate)
    {
        try
        {
            return certificate.Extensions[Id] is { } extension ? X509CertificateLoader.LoadCertificate(extension.RawData) : null;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }
}
