using System.Buffers;
using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace Grid.Silo.Files;

/// <summary>SHA-256 of files, read again only where size or time of change differ.</summary>
internal sealed class FileDigests
{
    private const long WholeUpTo = 256L << 20;
    private const int Window = 1 << 20;
    private const int Windows = 64;

    private readonly ConcurrentDictionary<string, (long Size, DateTime Changed, string Digest)> _known = new(StringComparer.Ordinal);

    /// <summary>
    /// The digest of a file: of all of it up to 256 MiB; of a larger one of 64 windows of 1 MiB, evenly spread from its first byte to its
    /// last.
    /// </summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    public (long Size, string Digest) Of(string path)
    {
        // The handle follows links, as the hub's cache has them.
        using var handle = File.OpenHandle(path);
        var (size, changed) = (RandomAccess.GetLength(handle), File.GetLastWriteTimeUtc(handle));
        if (_known.TryGetValue(path, out var known) && known.Size == size && known.Changed == changed) return (size, known.Digest);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = ArrayPool<byte>.Shared.Rent(Window);
        try
        {
            foreach (var offset in Offsets(size))
            {
                var read = RandomAccess.Read(handle, buffer.AsSpan(0, Window), offset);
                hash.AppendData(buffer, 0, read);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        var digest = Convert.ToHexStringLower(hash.GetHashAndReset());
        _known[path] = (size, changed, digest);
        return (size, digest);
    }

    private static IEnumerable<long> Offsets(long size)
    {
        if (size <= WholeUpTo)
            for (long offset = 0; offset < size; offset += Window) yield return offset;
        else
            for (var i = 0; i < Windows; i++) yield return (long)((Int128)(size - Window) * i / (Windows - 1));
    }
}
