using System.Security.Cryptography;

namespace Grid.Cluster.Security;

/// <summary>What a certificate may be used for (RFC 5280, section 4.2.1.12).</summary>
internal static class ExtendedUsage
{
    public static readonly Oid Server = new("1.3.6.1.5.5.7.3.1");
    public static readonly Oid Client = new("1.3.6.1.5.5.7.3.2");
}
