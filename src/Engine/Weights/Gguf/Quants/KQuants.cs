using System.Runtime.InteropServices;

namespace Grid.Engine.Weights.Gguf.Quants;

/// <summary>Super-blocks of 256 values in groups of 16 or 32, whose scales (and minimums) are quantized themselves.</summary>
internal static class KQuants
{
    private const int BlockSize = 256;

    public static void DecodeQ2_K(ReadOnlySpan<byte> block, Span<float> destination)
    {
        Span<sbyte> values = stackalloc sbyte[BlockSize];
        var scale = QuantMath.ReadHalf(block[80..]);
        var minimum = QuantMath.ReadHalf(block[82..]);
        TwoBits(block[16..80], values);
        for (var group = 0; group < 16; group++)
            QuantMath.ScaleAndShift(
                values.Slice(group * 16, 16), scale * (block[group] & 0xf), -(minimum * (block[group] >> 4)),
                destination.Slice(group * 16, 16));
    }

    public static void DecodeQ3_K(ReadOnlySpan<byte> block, Span<float> destination)
    {
        Span<sbyte> values = stackalloc sbyte[BlockSize];
        var scale = QuantMath.ReadHalf(block[108..]);
        TwoBits(block[32..96], values);
        for (var part = 0; part < 8; part++) QuantMath.MergeBits(block[..32], part, 1, 2, values.Slice(part * 32, 32));
        QuantMath.Subtract(values, 4);
        var scales = block[96..108];
        for (var group = 0; group < 16; group++)
        {
            var low = scales[group % 8] >> (group / 8 * 4) & 0xf;
            var high = scales[8 + group % 4] >> (group / 4 * 2) & 3;
            QuantMath.Scale(values.Slice(group * 16, 16), scale * ((low | high << 4) - 32), destination.Slice(group * 16, 16));
        }
    }

    public static void DecodeQ4_K(ReadOnlySpan<byte> block, Span<float> destination)
    {
        Span<sbyte> values = stackalloc sbyte[BlockSize];
        FourBits(block[16..], values);
        ScaleGroupsOf32(block, values, destination);
    }

    public static void DecodeQ5_K(ReadOnlySpan<byte> block, Span<float> destination)
    {
        Span<sbyte> values = stackalloc sbyte[BlockSize];
        FourBits(block[48..], values);
        for (var part = 0; part < 8; part++) QuantMath.MergeBits(block[16..48], part, 1, 4, values.Slice(part * 32, 32));
        ScaleGroupsOf32(block, values, destination);
    }

    public static void DecodeQ6_K(ReadOnlySpan<byte> block, Span<float> destination)
    {
        Span<sbyte> values = stackalloc sbyte[BlockSize];
        var scale = QuantMath.ReadHalf(block[208..]);
        for (var half = 0; half < 2; half++)
        {
            QuantMath.Extract(block.Slice(half * 64, 64), 0, 0xf, values[(half * 128)..]);
            QuantMath.Extract(block.Slice(half * 64, 64), 4, 0xf, values[(half * 128 + 64)..]);
            for (var part = 0; part < 4; part++)
                QuantMath.MergeBits(block.Slice(128 + half * 32, 32), part * 2, 3, 4, values.Slice(half * 128 + part * 32, 32));
        }
        QuantMath.Subtract(values, 32);
        var scales = MemoryMarshal.Cast<byte, sbyte>(block.Slice(192, 16));
        for (var group = 0; group < 16; group++)
            QuantMath.Scale(values.Slice(group * 16, 16), scale * scales[group], destination.Slice(group * 16, 16));
    }

    private static void TwoBits(ReadOnlySpan<byte> source, Span<sbyte> values)
    {
        for (var half = 0; half < 2; half++)
            for (var part = 0; part < 4; part++)
                QuantMath.Extract(source.Slice(half * 32, 32), part * 2, 3, values.Slice(half * 128 + part * 32, 32));
    }

    private static void FourBits(ReadOnlySpan<byte> source, Span<sbyte> values)
    {
        for (var part = 0; part < 4; part++)
        {
            QuantMath.Extract(source.Slice(part * 32, 32), 0, 0xf, values[(part * 64)..]);
            QuantMath.Extract(source.Slice(part * 32, 32), 4, 0xf, values[(part * 64 + 32)..]);
        }
    }

    // 8 scales and 8 minimums of 6 bits in 12 bytes: the first four of each lie whole, the others' upper bits lie above them.
    private static void ScaleGroupsOf32(ReadOnlySpan<byte> block, ReadOnlySpan<sbyte> values, Span<float> destination)
    {
        var scale = QuantMath.ReadHalf(block);
        var minimum = QuantMath.ReadHalf(block[2..]);
        var packed = block[4..16];
        for (var group = 0; group < 8; group++)
        {
            var at = group % 4;
            var (groupScale, groupMinimum) = group < 4
                ? (packed[at] & 0x3f, packed[4 + at] & 0x3f)
                : (packed[8 + at] & 0xf | packed[at] >> 2 & 0x30, packed[8 + at] >> 4 | packed[4 + at] >> 2 & 0x30);
            QuantMath.ScaleAndShift(values.Slice(group * 32, 32), scale * groupScale, -(minimum * groupMinimum),
                destination.Slice(group * 32, 32));
        }
    }
}
