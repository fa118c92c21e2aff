using System.Security.Cryptography;
using System.Text;

namespace Grid.Cli.Pull;

/// <summary>The hub's checksums: an etag of 64 hex digits is the SHA-256 of a file, one of 40 is git's SHA-1 of it as a blob.</summary>
internal static class BlobChecksum
{
    private const int Sha256Digits = 64;
    private const int GitDigits = 40;

    /// <summary>The checksum that a file has, in the form of an etag; null where the etag is of no known form.</summary>
    public static async Task<string?> ComputeAsync(string path, string etag, CancellationToken cancellation)
    {
        if (!etag.All(char.IsAsciiHexDigit) || etag.Length is not (Sha256Digits or GitDigits)) return null;
        await using var file = File.OpenRead(path);
        using var hash = IncrementalHash.CreateHash(etag.Length == Sha256Digits ? HashAlgorithmName.SHA256 : HashAlgorithmName.SHA1);
        if (etag.Length == GitDigits) hash.AppendData(Encoding.ASCII.GetBytes($"blob {file.Length}\0"));
        var buffer = new byte[1 << 20];
        while (await file.ReadAsync(buffer, cancellation) is var read and > 0) hash.AppendData(buffer.AsSpan(0, read));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
