using System.Security.Cryptography;
using System.Text;

namespace Grid.Cluster.Joining;

/// <summary>What the head keeps of a token: never its secret.</summary>
/// <param name="Id">The id of the token, which is no secret.</param>
/// <param name="SecretHash">SHA-256, hex. The secret has 256 bits, so a fast hash is enough.</param>
/// <param name="Expires">The time at which it expires, in UTC.</param>
/// <param name="Uses">How many more nodes may join with it; null for any number.</param>
/// <param name="Used">The number of nodes that have joined with it.</param>
/// <param name="Revoked">When it was revoked, in UTC; null if it was not.</param>
internal sealed record StoredToken(
    string Id, string SecretHash, DateTimeOffset Expires, int? Uses, int Used, DateTimeOffset? Revoked = null)
{
    public static string Hash(string secret) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));

    /// <summary>In constant time.</summary>
    public bool Matches(string secret) =>
        CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(Hash(secret)), Encoding.ASCII.GetBytes(SecretHash));
}
