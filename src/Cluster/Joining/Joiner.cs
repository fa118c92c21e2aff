using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Grid.Abstractions.Nodes;
using Grid.Cluster.Security;

namespace Grid.Cluster.Joining;

/// <summary>Makes a process a member: by the valid certificate of its data folder, else by a token.</summary>
/// <param name="options">Which node joins where.</param>
public sealed class Joiner(JoinOptions options, TimeProvider time, ILoggerFactory logs)
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromMilliseconds(500);

    // People wonder then whether anything happens.
    private static readonly TimeSpan SilentFor = TimeSpan.FromSeconds(3);

    private readonly ILogger _log = logs.CreateLogger<Joiner>();

    /// <summary>Joins. A head that does not answer is asked again until <see cref="JoinOptions.Patience"/> ends.</summary>
    /// <exception cref="JoinException">The node was not admitted.</exception>
    public async Task<Membership> JoinAsync(CancellationToken cancellation)
    {
        if (File.Exists(Path.Combine(options.DataFolder, CertificateAuthority.KeyFile)))
            throw new JoinException(JoinFault.ClusterId,
                $"The data folder {options.DataFolder} is that of a head: it holds an authority's key. Start it with --head, or give "
                + "this node another folder (--data-dir).");
        var saved = SavedMembership.Load(options.DataFolder);
        var own = OwnCertificate(out var spent);
        if (own is null && options.Token is null)
            throw new JoinException(JoinFault.NoToken,
                $"{spent ?? $"{options.DataFolder} holds no certificate of a "
                + "grid"}, and there is no join token. Make one on the head (grid token create) and give it with --token, --token-file "
                + "or GRID_TOKEN.");
        try
        {
            var grant = await PersistAsync(
                () => own is null ? AskWithTokenAsync(saved, cancellation) : AskWithCertificateAsync(own, cancellation), cancellation);
            new SavedMembership(grant.ClusterId, grant.Terms).Save(options.DataFolder);
            own = NodeCertificates.Save(options.DataFolder, grant.Authority, grant.Certificate);
            return Member(own, grant.ClusterId, grant.Terms);
        }
        catch (JoinException fault) when (fault.Fault == JoinFault.Unreachable && own is not null && saved is not null)
        {
            _log.StartingWithSavedMembership(fault.Message, own.Expires);
            return Member(own, saved.ClusterId, saved.Terms);
        }
        catch (JoinException fault) when (spent is not null && fault.Fault != JoinFault.Unreachable)
        {
            throw new JoinException(fault.Fault, $"{fault.Message} ({spent}, so the token had to speak for it.)", fault);
        }
    }

    private Membership Member(NodeCertificates own, string clusterId, GridTerms terms) =>
        new(clusterId, terms, new NodeTls(own, time, logs), new HeadsIssuer(cancellation => AskWithCertificateAsync(own, cancellation)));

    /// <summary>The folder's certificate where it is good now.</summary>
    private NodeCertificates? OwnCertificate(out string? fault)
    {
        fault = null;
        var own = NodeCertificates.Load(options.DataFolder);
        if (own is null) return null;
        fault = new PeerCheck(own.Authority, time).Fault(own.Current, ExtendedUsage.Client, []);
        if (fault is not null) fault = $"the node cannot use what its data folder holds: {fault}";
        return fault is null ? own : null;
    }

    private async Task<JoinGrant> PersistAsync(Func<Task<JoinGrant>> ask, CancellationToken cancellation)
    {
        var end = time.GetUtcNow() + options.Patience;
        // A timer: one question alone may take longer.
        await using var notice = time.CreateTimer(
            _ => _log.WaitingForHead(options.Head, end), null, SilentFor, Timeout.InfiniteTimeSpan);
        while (true)
        {
            try
            {
                return await ask();
            }
            catch (JoinException fault) when (fault.Fault == JoinFault.Unreachable && time.GetUtcNow() + RetryAfter < end)
            {
                _log.AskingHeadAgain(fault.Message);
                await Task.Delay(RetryAfter, time, cancellation);
            }
        }
    }

    private Task<JoinGrant> AskWithTokenAsync(SavedMembership? saved, CancellationToken cancellation)
    {
        var token = JoinToken.Parse(options.Token!);
        var client = new JoinClient(options.Head,
            new PinnedHead(token.AuthorityHash, "the token", "Make a token on the head that --join names (grid token create).", time));
        return client.AskAsync(Request(token, saved?.ClusterId), certificate: null, cancellation);
    }

    private Task<JoinGrant> AskWithCertificateAsync(NodeCertificates own, CancellationToken cancellation)
    {
        var client = new JoinClient(options.Head,
            new PinnedHead(CertificateAuthority.HashOf(own.Authority), $"the data folder {options.DataFolder}",
            "Give the node another folder (--data-dir) and a token.", time));
        return client.AskAsync(Request(token: null, NodeIdentity.Read(own.Current).ClusterId), own.Current, cancellation);
    }

    private JoinRequest Request(JoinToken? token, string? clusterId)
    {
        using var key = NodeCertificates.Key(options.DataFolder);
        var signing = new CertificateRequest($"CN={options.Name}", key, HashAlgorithmName.SHA256).CreateSigningRequestPem();
        return new JoinRequest(token?.Id, token?.Secret, options.Name, options.Address, options.Roles, WireContract.Version,
            time.GetUtcNow(), clusterId, signing);
    }

    private sealed class HeadsIssuer(Func<CancellationToken, Task<JoinGrant>> ask) : ICertificateIssuer
    {
        public async Task<string> RenewAsync(CancellationToken cancellation) => (await ask(cancellation)).Certificate;
    }
}
