using System.Net;
using System.Security.Cryptography.X509Certificates;

namespace Grid.Cluster.Security;

/// <summary>Who a certificate says that a node is.</summary>
/// <param name="Name">The name of the node: 1 to 63 letters, digits, dots, hyphens or underscores.</param>
/// <param name="Address">What others dial: an IP address or a DNS name.</param>
/// <param name="Roles">Its roles, of <see cref="NodeRoles"/>.</param>
/// <param name="ClusterId">The grid that it belongs to.</param>
internal sealed record NodeIdentity(string Name, string Address, string[] Roles, string ClusterId)
{
    /// <summary>A name that every node's certificate carries, for links that dial whatever address the membership table holds.</summary>
    internal const string AnyNode = "node.grid.internal";

    private const string Organization = "2.5.4.10", Unit = "2.5.4.11", CommonName = "2.5.4.3";

    /// <summary>Reads what <see cref="CertificateAuthority.Issue"/> wrote.</summary>
    public static NodeIdentity Read(X509Certificate2 certificate)
    {
        string? name = null, cluster = null;
        var roles = new List<string>();
        foreach (var part in certificate.SubjectName.EnumerateRelativeDistinguishedNames(reversed: false))
        {
            var value = part.GetSingleElementValue() ?? "";
            switch (part.GetSingleElementType().Value)
            {
                case CommonName: name = value; break;
                case Organization: cluster = value; break;
                case Unit: roles.Add(value); break;
            }
        }

        roles.Sort(StringComparer.Ordinal);
        return new NodeIdentity(name ?? "", AddressOf(certificate), [.. roles], cluster ?? "");
    }

    /// <summary>Whether the node may be one of these.</summary>
    public bool IsAny(params ReadOnlySpan<string> roles)
    {
        foreach (var role in roles)
            if (Roles.Contains(role)) return true;
        return false;
    }

    internal X500DistinguishedName Subject()
    {
        var subject = new X500DistinguishedNameBuilder();
        subject.AddOrganizationName(ClusterId);
        foreach (var role in Roles) subject.AddOrganizationalUnitName(role);
        subject.AddCommonName(Name);
        return subject.Build();
    }

    internal X509Extension AlternativeNames()
    {
        var names = new SubjectAlternativeNameBuilder();
        if (IPAddress.TryParse(Address, out var ip)) names.AddIpAddress(ip);
        else names.AddDnsName(Address);
        names.AddDnsName(AnyNode);
        if (ip is null ? Address == "localhost" : IPAddress.IsLoopback(ip))
        {
            names.AddDnsName("localhost");
            names.AddIpAddress(IPAddress.Loopback);
            names.AddIpAddress(IPAddress.IPv6Loopback);
        }

        return names.Build();
    }

    private static string AddressOf(X509Certificate2 certificate)
    {
        var names = certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().FirstOrDefault();
        var dns = names?.EnumerateDnsNames().FirstOrDefault();
        return dns is null or AnyNode ? names?.EnumerateIPAddresses().FirstOrDefault()?.ToString() ?? "" : dns;
    }
}
