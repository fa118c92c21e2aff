using System.Buffers.Binary;
using System.Runtime.Intrinsics;

namespace Grid.Engine.Weights.Gguf.Quants;

/// <summary>Four bits that index a table of uneven steps.</summary>
internal static class IQuants
{
    private static readonly Vector128<sbyte> Steps =
        Vector128.Create(-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113);

    public static void DecodeIQ4_NL(ReadOnlySpan<byte> block, Span<float> destination)
    {
        Span<sbyte> values = stackalloc sbyte[32];
        SimpleQuants.Nibbles(block[2..], values);
        QuantMath.LookUp(values, Steps);
        QuantMath.Scale(values, QuantMath.ReadHalf(block), destination);
    }

    public static void DecodeIQ4_XS(ReadOnlySpan<byte> block, Span<float> destination)
    {
        Span<sbyte> values = stackalloc sbyte[32];
        var scale = QuantMath.ReadHalf(block);
        var highBits = BinaryPrimitives.ReadUInt16LittleEndian(block[2..]);
        for (var group = 0; group < 8; group++)
        {
            SimpleQuants.Nibbles(block[(8 + group * 16)..], values);
            QuantMath.LookUp(values, Steps);
            var low = block[4 + group / 2] >> (group % 2 * 4) & 0xf;
            var high = highBits >> (group * 2) & 3;
            QuantMath.Scale(values, scale * ((low | high << 4) - 32), destination.Slice(group * 32, 32));
        }
    }
}
