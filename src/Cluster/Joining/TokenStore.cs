using System.Text.Json;
using Grid.Abstractions.Admin;
using Grid.Cluster.Security;

namespace Grid.Cluster.Joining;

/// <summary>
/// The head's join tokens, in <c>tokens.json</c> (0600) of its data folder. One process holds the folder, so a lock counts the uses.
/// </summary>
public sealed class TokenStore
{
    /// <summary>How long a token is good where nothing is said: 1 h.</summary>
    public static readonly TimeSpan DefaultLife = TimeSpan.FromHours(1);

    // How long an expired token is distinguished from an unknown one.
    private static readonly TimeSpan Memory = TimeSpan.FromDays(30);

    private const string Remedy = "Make another on the head: grid token create.";

    private readonly string _file;
    private readonly string _authorityHash;
    private readonly TimeProvider _time;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, StoredToken> _tokens;

    /// <param name="dataFolder">The data folder of the head.</param>
    /// <param name="authority">The authority whose hash tokens carry, so that joiners trust no other head.</param>
    public TokenStore(string dataFolder, CertificateAuthority authority, TimeProvider time)
    {
        _file = Path.Combine(dataFolder, "tokens.json");
        _authorityHash = authority.Hash;
        _time = time;
        var stored = File.Exists(_file) ? JsonSerializer.Deserialize<StoredToken[]>(File.ReadAllText(_file)) : null;
        _tokens = (stored ?? []).ToDictionary(token => token.Id);
    }

    /// <summary>Makes a token.</summary>
    /// <param name="life">How long it is valid; null for <see cref="DefaultLife"/>.</param>
    /// <param name="uses">How many nodes may join with it; null for any number.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is not positive.</exception>
    public JoinToken Create(TimeSpan? life = null, int? uses = null)
    {
        var length = life ?? DefaultLife;
        if (length <= TimeSpan.Zero)
            throw new ArgumentOutOfRangeException(nameof(life), length, "A token's life (--ttl) must be more than 0.");
        if (uses < 1) throw new ArgumentOutOfRangeException(nameof(uses), uses, "A token's uses (--uses) must be at least 1.");
        var token = JoinToken.New(_authorityHash);
        lock (_gate)
        {
            var now = _time.GetUtcNow();
            foreach (var old in _tokens.Values.Where(old => old.Expires + Memory < now).ToArray()) _tokens.Remove(old.Id);
            _tokens[token.Id] = new StoredToken(token.Id, StoredToken.Hash(token.Secret), now + length, uses, 0);
            Save();
        }

        return token;
    }

    /// <summary>The tokens of the last 30 days, oldest first by their ends.</summary>
    public JoinTokenView[] List()
    {
        lock (_gate)
        {
            var now = _time.GetUtcNow();
            return [.. _tokens.Values.OrderBy(token => token.Expires).ThenBy(token => token.Id, StringComparer.Ordinal)
                .Select(token => new JoinTokenView(token.Id, StateOf(token, now), token.Expires, token.Uses, token.Used))];
        }
    }

    /// <summary>Ends a token: no node can join with it any more. Nodes that have joined stay members.</summary>
    /// <returns>Whether there is such a token.</returns>
    public bool Revoke(string id)
    {
        lock (_gate)
        {
            if (!_tokens.TryGetValue(id, out var token)) return false;
            _tokens[id] = token with { Revoked = token.Revoked ?? _time.GetUtcNow() };
            Save();
            return true;
        }
    }

    private static string StateOf(StoredToken token, DateTimeOffset now) =>
        token.Revoked is not null ? "Revoked" : token.Expires <= now ? "Expired" : token.Used >= token.Uses ? "Spent" : "Active";

    /// <summary>Throws where the token would not be taken.</summary>
    internal void Check(string id, string secret)
    {
        lock (_gate) Find(id, secret);
    }

    /// <summary>Counts one use, on disk before it returns.</summary>
    internal void Redeem(string id, string secret)
    {
        lock (_gate)
        {
            var token = Find(id, secret);
            _tokens[id] = token with { Used = token.Used + 1 };
            Save();
        }
    }

    private StoredToken Find(string id, string secret)
    {
        if (!_tokens.TryGetValue(id, out var token))
            throw new JoinException(JoinFault.UnknownToken, $"This head knows no join token {id}. {Remedy}");
        if (!token.Matches(secret)) throw new JoinException(JoinFault.WrongSecret, $"The secret of the join token {id} is wrong. {Remedy}");
        if (token.Revoked is { } revoked)
            throw new JoinException(JoinFault.RevokedToken, $"The join token {id} was revoked at {revoked:u}. {Remedy}");
        var now = _time.GetUtcNow();
        if (token.Expires <= now)
            throw new JoinException(JoinFault.ExpiredToken,
                $"The join token {id} ended at {token.Expires:u}, and it is {now:u} now. {Remedy}");
        if (token.Used >= token.Uses)
            throw new JoinException(JoinFault.SpentToken, $"The join token {id} is spent: {token.Used} of {token.Uses} uses. {Remedy}");
        return token;
    }

    private void Save() => AtomicFile.WriteSecret(_file, JsonSerializer.Serialize(_tokens.Values));
}
