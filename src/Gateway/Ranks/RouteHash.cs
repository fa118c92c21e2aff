using System.IO.Hashing;
using System.Runtime.InteropServices;

namespace Grid.Gateway.Ranks;

/// <summary>Hashes that are the same in every process, so that gateways agree.</summary>
internal static class RouteHash
{
    public static ulong Of(ReadOnlySpan<byte> bytes, ulong seed = 0) => XxHash64.HashToUInt64(bytes, (long)seed);

    public static ulong Of(string text, ulong seed = 0) => Of(MemoryMarshal.AsBytes(text.AsSpan()), seed);

    /// <summary>Weight of a rank for a key in rendezvous hashing: the rank of the highest weight is the key's home.</summary>
    public static ulong Weight(ulong key, ulong rank)
    {
        var mixed = (key ^ rank) * 0x9E3779B97F4A7C15;
        mixed = (mixed ^ (mixed >> 32)) * 0xD6E8FEB86659FD93;
        mixed = (mixed ^ (mixed >> 32)) * 0xD6E8FEB86659FD93;
        return mixed ^ (mixed >> 32);
    }
}
