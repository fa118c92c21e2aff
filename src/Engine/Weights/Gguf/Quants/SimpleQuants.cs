using System.Runtime.InteropServices;

namespace Grid.Engine.Weights.Gguf.Quants;

/// <summary>Blocks of 32 values with one scale, and one minimum in the formats that end in 1.</summary>
internal static class SimpleQuants
{
    public static void DecodeQ4_0(ReadOnlySpan<byte> block, Span<float> destination)
    {
        Span<sbyte> values = stackalloc sbyte[32];
        Nibbles(block[2..], values);
        QuantMath.Subtract(values, 8);
        QuantMath.Scale(values, QuantMath.ReadHalf(block), destination);
    }

    public static void DecodeQ4_1(ReadOnlySpan<byte> block, Span<float> destination)
    {
        Span<sbyte> values = stackalloc sbyte[32];
        Nibbles(block[4..], values);
        QuantMath.ScaleAndShift(values, QuantMath.ReadHalf(block), QuantMath.ReadHalf(block[2..]), destination);
    }

    public static void DecodeQ5_0(ReadOnlySpan<byte> block, Span<float> destination)
    {
        Span<sbyte> values = stackalloc sbyte[32];
        Nibbles(block[6..], values);
        FifthBits(block[2..], values);
        QuantMath.Subtract(values, 16);
        QuantMath.Scale(values, QuantMath.ReadHalf(block), destination);
    }

    public static void DecodeQ5_1(ReadOnlySpan<byte> block, Span<float> destination)
    {
        Span<sbyte> values = stackalloc sbyte[32];
        Nibbles(block[8..], values);
        FifthBits(block[4..], values);
        QuantMath.ScaleAndShift(values, QuantMath.ReadHalf(block), QuantMath.ReadHalf(block[2..]), destination);
    }

    public static void DecodeQ8_0(ReadOnlySpan<byte> block, Span<float> destination) =>
        QuantMath.Scale(MemoryMarshal.Cast<byte, sbyte>(block[2..]), QuantMath.ReadHalf(block), destination);

    /// <summary>The low halves of 16 bytes, then the high ones.</summary>
    public static void Nibbles(ReadOnlySpan<byte> source, Span<sbyte> values)
    {
        QuantMath.Extract(source[..16], 0, 0xf, values);
        QuantMath.Extract(source[..16], 4, 0xf, values[16..]);
    }

    private static void FifthBits(ReadOnlySpan<byte> source, Span<sbyte> values)
    {
        var bits = System.Buffers.Binary.BinaryPrimitives.ReadUInt32LittleEndian(source);
        for (var i = 0; i < 32; i++) values[i] |= (sbyte)((bits >> i & 1) << 4);
    }
}
