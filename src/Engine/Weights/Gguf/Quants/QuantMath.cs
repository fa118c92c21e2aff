using System.Buffers.Binary;
using System.Runtime.Intrinsics;

namespace Grid.Engine.Weights.Gguf.Quants;

/// <summary>The steps that the formats share. Spans are multiples of 16 long.</summary>
internal static class QuantMath
{
    public static float ReadHalf(ReadOnlySpan<byte> source) => (float)BinaryPrimitives.ReadHalfLittleEndian(source);

    /// <summary><c>(source &gt;&gt; shift) &amp; mask</c> of each byte.</summary>
    public static void Extract(ReadOnlySpan<byte> source, int shift, byte mask, Span<sbyte> destination)
    {
        var masks = Vector128.Create(mask);
        for (var i = 0; i < source.Length; i += Vector128<byte>.Count)
            ((Vector128.Create(source[i..]) >>> shift) & masks).AsSByte().CopyTo(destination[i..]);
    }

    /// <summary>Sets <paramref name="bit"/> in each value from bit <paramref name="shift"/> of the byte beside it.</summary>
    public static void MergeBits(ReadOnlySpan<byte> source, int shift, byte mask, int bit, Span<sbyte> values)
    {
        var masks = Vector128.Create(mask);
        for (var i = 0; i < source.Length; i += Vector128<byte>.Count)
        {
            var bits = ((Vector128.Create(source[i..]) >>> shift) & masks) << bit;
            (bits.AsSByte() | Vector128.Create<sbyte>(values[i..])).CopyTo(values[i..]);
        }
    }

    public static void Subtract(Span<sbyte> values, sbyte offset)
    {
        var offsets = Vector128.Create(offset);
        for (var i = 0; i < values.Length; i += Vector128<sbyte>.Count)
            (Vector128.Create<sbyte>(values[i..]) - offsets).CopyTo(values[i..]);
    }

    /// <summary><c>scale * value</c>.</summary>
    public static void Scale(ReadOnlySpan<sbyte> values, float scale, Span<float> destination)
    {
        for (var i = 0; i < values.Length; i += Vector128<sbyte>.Count)
        {
            Widen(values[i..], out var a, out var b);
            (a * scale).CopyTo(destination[i..]);
            (b * scale).CopyTo(destination[(i + 8)..]);
        }
    }

    /// <summary><c>scale * value + offset</c>, rounded twice.</summary>
    public static void ScaleAndShift(ReadOnlySpan<sbyte> values, float scale, float offset, Span<float> destination)
    {
        var offsets = Vector256.Create(offset);
        for (var i = 0; i < values.Length; i += Vector128<sbyte>.Count)
        {
            Widen(values[i..], out var a, out var b);
            (a * scale + offsets).CopyTo(destination[i..]);
            (b * scale + offsets).CopyTo(destination[(i + 8)..]);
        }
    }

    /// <summary>Replaces each value, 0 to 15, by its entry in a table of 16.</summary>
    public static void LookUp(Span<sbyte> values, Vector128<sbyte> table)
    {
        for (var i = 0; i < values.Length; i += Vector128<sbyte>.Count)
            Vector128.Shuffle(table, Vector128.Create<sbyte>(values[i..])).CopyTo(values[i..]);
    }

    private static void Widen(ReadOnlySpan<sbyte> values, out Vector256<float> low, out Vector256<float> high)
    {
        var words = Vector256.WidenLower(Vector128.Create(values).ToVector256());
        (var a, var b) = Vector256.Widen(words);
        low = Vector256.ConvertToSingle(a);
        high = Vector256.ConvertToSingle(b);
    }
}
