using System.Security.Cryptography;
using System.Text;

namespace Grid.Gateway.Admin;

/// <summary>The one key that the admin API takes, compared in constant time.</summary>
/// <param name="key">The content of admin.key.</param>
internal sealed class AdminKey(string key)
{
    private const string Scheme = "Bearer ";

    private readonly byte[] _hash = Hash(key.Trim());

    /// <summary>Whether a request carries it.</summary>
    public bool Admits(HttpRequest request)
    {
        var given = request.Headers.Authorization.ToString();
        return given.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            && CryptographicOperations.FixedTimeEquals(_hash, Hash(given[Scheme.Length..].Trim()));
    }

    private static byte[] Hash(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}
