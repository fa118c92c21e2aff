using System.Security.Cryptography;

namespace Grid.Cluster.Joining;

/// <summary>What a node needs to join: one line <c>grid1.HASH.ID.SECRET</c>, all in lower-case hex.</summary>
/// <param name="AuthorityHash">SHA-256 of the grid's authority, 64 digits.</param>
/// <param name="Id">The id of the token: 12 digits, and no secret.</param>
/// <param name="Secret">256 random bits, 64 digits.</param>
public sealed record JoinToken(string AuthorityHash, string Id, string Secret)
{
    private const string Form = "grid1";

    /// <summary>Reads a line of <c>grid token create</c>.</summary>
    /// <exception cref="JoinException">It has another form.</exception>
    public static JoinToken Parse(string line)
    {
        var parts = line.Trim().Split('.');
        if (parts is [Form, { Length: 64 } hash, { Length: 12 } id, { Length: 64 } secret] && IsHex(hash) && IsHex(id) && IsHex(secret))
            return new JoinToken(hash, id, secret);
        throw new JoinException(JoinFault.MalformedToken,
            $"This is no join token: it has {line.Trim().Length} characters in {parts.Length} parts, a token has 148 in 4 "
            + "(grid1.HASH.ID.SECRET). Make one on the head: grid token create.");
    }

    /// <summary>The line.</summary>
    public override string ToString() => $"{Form}.{AuthorityHash}.{Id}.{Secret}";

    internal static JoinToken New(string authorityHash) =>
        new(authorityHash, Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6)),
        Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32)));

    private static bool IsHex(string text) => text.All(char.IsAsciiHexDigitLower);
}
