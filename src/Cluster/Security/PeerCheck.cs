using System.Security.Cryptography.X509Certificates;

namespace Grid.Cluster.Security;

/// <summary>
/// Whether a peer's certificate is good: signed by this grid's authority, in its time, for this use, in one of these roles.
/// </summary>
/// <param name="authority">The certificate authority of the grid.</param>
internal sealed class PeerCheck(X509Certificate2 authority, TimeProvider time)
{
    /// <summary>What is wrong with a certificate, with both values; null if nothing is.</summary>
    /// <param name="certificate">The certificate; null if none was presented.</param>
    /// <param name="usage">The required usage, of <see cref="ExtendedUsage"/>.</param>
    /// <param name="roles">Any of these; empty: every member.</param>
    public string? Fault(X509Certificate2? certificate, System.Security.Cryptography.Oid usage, ReadOnlySpan<string> roles)
    {
        if (certificate is null)
            return $"it presented no certificate; every node of {Cluster} has one (join with a token: grid token create)";
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(authority);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.ApplicationPolicy.Add(usage);
        chain.ChainPolicy.VerificationTime = time.GetUtcNow().UtcDateTime;
        if (!chain.Build(certificate)) return Describe(certificate, chain);
        var identity = NodeIdentity.Read(certificate);
        if (roles.Length > 0 && !identity.IsAny(roles))
            return $"its certificate is for {identity.Name} as {string.Join(", ", identity.Roles)}; this link requires "
                + $"{string.Join(" or ", roles)}";
        return null;
    }

    private string Cluster => NodeIdentity.Read(authority).ClusterId;

    private string Describe(X509Certificate2 certificate, X509Chain chain)
    {
        var flags = chain.ChainStatus.Aggregate(X509ChainStatusFlags.NoError, (all, status) => all | status.Status);
        const X509ChainStatusFlags foreign =
            X509ChainStatusFlags.PartialChain | X509ChainStatusFlags.UntrustedRoot | X509ChainStatusFlags.NotSignatureValid;
        if ((flags & foreign) != 0)
            return $"its certificate ({certificate.Subject}) is signed by another authority ({certificate.Issuer}), not by that of "
                + $"{Cluster} (sha256 {CertificateAuthority.HashOf(authority)})";
        if ((flags & X509ChainStatusFlags.NotTimeValid) != 0)
            return $"its certificate ({certificate.Subject}) is good from {certificate.NotBefore.ToUniversalTime():u} to "
                + $"{certificate.NotAfter.ToUniversalTime():u}, and it is {time.GetUtcNow():u} now; join again with a token, or set the "
                + "clock";
        return $"its certificate ({certificate.Subject}) was refused: "
            + $"{string.Join("; ", chain.ChainStatus.Select(status => $"{status.Status}: {status.StatusInformation.Trim()}"))}";
    }
}
