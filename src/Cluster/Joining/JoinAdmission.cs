using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Grid.Abstractions.Nodes;
using Grid.Cluster.Security;

namespace Grid.Cluster.Joining;

/// <summary>The head's decision whether a node may join, and the certificate if so.</summary>
/// <param name="authority">The authority that signs certificates.</param>
/// <param name="terms">What an admitted node is sent, as of now.</param>
/// <param name="liveAddress">The address of the live node with a name, or null; asked before a token admits a node of that name.</param>
public sealed class JoinAdmission(CertificateAuthority authority, TokenStore tokens, Func<GridTerms> terms,
    Func<string, ValueTask<string?>> liveAddress, TimeProvider time)
{
    /// <summary>How far a node's clock may be off: 30 s.</summary>
    public static readonly TimeSpan ClockLimit = TimeSpan.FromSeconds(30);

    /// <summary>Admits or throws. A token's use counts only when everything else is right.</summary>
    /// <param name="request">What the node sent.</param>
    /// <param name="certificate">The certificate that it presented in the TLS handshake, which was checked there; null for none.</param>
    /// <exception cref="JoinException">It may not join.</exception>
    internal async ValueTask<JoinGrant> AdmitAsync(JoinRequest request, X509Certificate2? certificate)
    {
        CheckForm(request);
        if (certificate is null) CheckToken(request);
        else CheckCertificate(request, NodeIdentity.Read(certificate));
        CheckSameness(request);
        var key = ReadKey(request.SigningRequest);
        if (certificate is null)
        {
            if (await liveAddress(request.Name) is { } holder)
                throw new JoinException(JoinFault.NameTaken,
                    $"The name {request.Name} belongs to a live node at {holder}. Give this one at {request.Address} another (--name), "
                    + "or wait until the other is declared dead.");
            tokens.Redeem(request.TokenId!, request.Secret!);
        }

        using var issued = authority.Issue(key, new NodeIdentity(request.Name, request.Address, request.Roles, authority.ClusterId));
        return new JoinGrant(issued.ExportCertificatePem(), authority.Certificate.ExportCertificatePem(), authority.ClusterId, terms());
    }

    private static void CheckForm(JoinRequest request)
    {
        if (!NodeNames.IsName(request.Name))
            throw new JoinException(JoinFault.BadRequest, $"A node's name (--name) is {NodeNames.NameRule}; this one is '{request.Name}'.");
        if (!NodeNames.IsAddress(request.Address))
            throw new JoinException(JoinFault.BadRequest,
                $"A node's address (--advertise-address) is an IP address or a DNS name that others can dial; this one is "
                + $"'{request.Address}'.");
    }

    private void CheckToken(JoinRequest request)
    {
        if (request.TokenId is null || request.Secret is null)
            throw new JoinException(JoinFault.NoToken,
                $"{request.Name} at {request.Address} has neither a join token nor a certificate of this grid. Make a token on the head "
                + "(grid token create) and give it with --token, --token-file or GRID_TOKEN.");
        tokens.Check(request.TokenId, request.Secret);
        foreach (var role in request.Roles.Length > 0 ? request.Roles : [""])
            if (!NodeRoles.Joinable.Contains(role))
                throw new JoinException(JoinFault.BadRole,
                    $"A node joins as {string.Join(" or ", NodeRoles.Joinable)}; {request.Name} asked for '{role}'.");
    }

    private static void CheckCertificate(JoinRequest request, NodeIdentity identity)
    {
        if (identity.Name != request.Name)
            throw new JoinException(JoinFault.BadCertificate,
                $"The certificate is for {identity.Name}, and the node calls itself {request.Name}. Start it with --name "
                + $"{identity.Name}, or join with a token and a new data folder.");
        var more = request.Roles.Except(identity.Roles).ToArray();
        if (more.Length > 0 || request.Roles.Length == 0)
            throw new JoinException(JoinFault.BadRole,
                $"The certificate of {identity.Name} is for {string.Join(", ", identity.Roles)}, and the node asks for "
                + $"{string.Join(", ", request.Roles)}. Join with a token and a new data folder.");
    }

    private void CheckSameness(JoinRequest request)
    {
        if (!WireContract.Compatible(WireContract.Version, request.Wire))
            throw new JoinException(JoinFault.WireVersion,
                $"The wire contract of {request.Name} is {request.Wire}, this grid's is {WireContract.Version}; they must have the same "
                + "MAJOR and differ by one MINOR at most. Install the grid's version on the node.");
        if (request.ClusterId is { } cluster && cluster != authority.ClusterId)
            throw new JoinException(JoinFault.ClusterId,
                $"The data folder of {request.Name} belongs to the grid {cluster}, and this is {authority.ClusterId}. Give the node "
                + "another folder (--data-dir).");
        var now = time.GetUtcNow();
        var off = request.Clock - now;
        if (off.Duration() > ClockLimit)
            throw new JoinException(JoinFault.Clock,
                $"The clock of {request.Name} says {request.Clock.ToUniversalTime():u}, the head's {now:u}: {off.TotalSeconds:0} s "
                + $"apart, the limit is {ClockLimit.TotalSeconds:0} s. Set the clocks (NTP).");
    }

    private static PublicKey ReadKey(string signingRequest)
    {
        try
        {
            var key = CertificateRequest.LoadSigningRequestPem(signingRequest, HashAlgorithmName.SHA256).PublicKey;
            using var curve = key.GetECDsaPublicKey();
            if (curve?.KeySize == 256) return key;
            throw new JoinException(JoinFault.BadRequest,
                $"The signing request's key must be ECDSA P-256; it is {key.Oid.FriendlyName ?? key.Oid.Value} of "
                + $"{curve?.KeySize ?? 0} bits.");
        }
        catch (Exception fault) when (fault is CryptographicException or ArgumentException)
        {
            throw new JoinException(JoinFault.BadRequest, $"The signing request cannot be read: {fault.Message}", fault);
        }
    }
}
