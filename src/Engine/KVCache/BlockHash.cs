using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace Grid.Engine.KVCache;

/// <summary>Names the content of a full block and of all blocks before it.</summary>
/// <remarks>
/// SHA-256, vLLM's default: with a hash that can be made to collide, one client could be handed the keys and values of another's
/// prompt, and every hit would have to compare token ids as well.
/// </remarks>
internal readonly record struct BlockHash(UInt128 High, UInt128 Low)
{
    private const int Size = SHA256.HashSizeInBytes;
    private const int MaxStackBytes = 1024;

    /// <summary>Parent of every first block: only requests of one model, adapter and salt share a prefix.</summary>
    public static BlockHash Seed(string model, string? adapter, string? cacheSalt)
    {
        // Each part is quoted by its length, so that no two triples spell the same text.
        var text = string.Concat(Part(model), Part(adapter), Part(cacheSalt));
        return Hash(Encoding.UTF8.GetBytes(text));
    }

    /// <summary>Hash of a block that follows <paramref name="parent"/>.</summary>
    public static BlockHash Of(in BlockHash parent, ReadOnlySpan<int> tokenIds)
    {
        var size = Size + tokenIds.Length * sizeof(int);
        Span<byte> content = size <= MaxStackBytes ? stackalloc byte[size] : new byte[size];
        MemoryMarshal.Write(content, parent);
        MemoryMarshal.AsBytes(tokenIds).CopyTo(content[Size..]);
        return Hash(content);
    }

    public override int GetHashCode() => (int)Low;

    private static BlockHash Hash(ReadOnlySpan<byte> content)
    {
        Span<byte> digest = stackalloc byte[Size];
        SHA256.HashData(content, digest);
        return MemoryMarshal.Read<BlockHash>(digest);
    }

    private static string Part(string? text) => text is null ? "-" : $"{text.Length}:{text}";
}
