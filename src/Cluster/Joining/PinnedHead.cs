using System.Security.Cryptography.X509Certificates;
using Grid.Cluster.Security;

namespace Grid.Cluster.Joining;

/// <summary>
/// Whether who answers on the join port is the head of the grid with a known authority. Its host name does not matter: the pinned hash says
/// more.
/// </summary>
/// <param name="hash">The hash of the authority's certificate.</param>
/// <param name="source">The origin of the hash, for messages.</param>
/// <param name="remedy">The remedy if another head answers.</param>
internal sealed class PinnedHead(string hash, string source, string remedy, TimeProvider time)
{
    /// <summary>Why the certificate is not the pinned head's; null if it is.</summary>
    public JoinException? Fault(X509Certificate2? presented)
    {
        var authority = presented is null ? null : AuthorityExtension.Read(presented);
        if (presented is null || authority is null)
            return new JoinException(JoinFault.WrongAuthority,
                $"Who answers ({presented?.Subject ?? "without a certificate"}) is no grid's head. Check --join HOST:PORT: the head's "
                + "join port is its port base + 7.");
        var found = CertificateAuthority.HashOf(authority);
        if (found != hash)
            return new JoinException(JoinFault.WrongAuthority,
                $"The head's authority has the hash {found}, {source} names {hash}: this is another grid, or somebody between. {remedy}");
        var now = time.GetUtcNow();
        if (now < presented.NotBefore.ToUniversalTime() || now > presented.NotAfter.ToUniversalTime())
            return new JoinException(JoinFault.Clock,
                $"The head's certificate is good from {presented.NotBefore.ToUniversalTime():u} to "
                + $"{presented.NotAfter.ToUniversalTime():u}, and this machine's clock says {now:u}. Set the clocks (NTP).");
        return new PeerCheck(authority, time).Fault(presented, ExtendedUsage.Server, [NodeRoles.Head]) is { } fault
            ? new JoinException(JoinFault.WrongAuthority, $"Who answers cannot prove to be the head: {fault}.")
            : null;
    }
}
