using System.Numerics;
using System.Runtime.InteropServices;

namespace Grid.Engine.Weights;

/// <summary>Elements of checkpoints as float32; nothing is lost.</summary>
internal static class ElementConversion
{
    private static readonly float TwoTo112 = MathF.ScaleB(1, 112);

    public static int SizeOf(WeightType type) => type == WeightType.Float32 ? sizeof(float) : sizeof(ushort);

    /// <summary>Little-endian elements of <paramref name="type"/>, as many as <paramref name="destination"/> holds.</summary>
    public static void ToSingle(ReadOnlySpan<byte> source, WeightType type, Span<float> destination)
    {
        switch (type)
        {
            case WeightType.Float32:
                MemoryMarshal.Cast<byte, float>(source)[..destination.Length].CopyTo(destination);
                break;
            case WeightType.BFloat16:
                FromBFloat16(MemoryMarshal.Cast<byte, ushort>(source)[..destination.Length], destination);
                break;
            default:
                FromHalf(MemoryMarshal.Cast<byte, ushort>(source)[..destination.Length], destination);
                break;
        }
    }

    public static void FromBFloat16(ReadOnlySpan<ushort> source, Span<float> destination)
    {
        var i = 0;
        for (; i <= source.Length - Vector<ushort>.Count; i += Vector<ushort>.Count)
        {
            Vector.Widen(new Vector<ushort>(source[i..]), out var low, out var high);
            Vector.AsVectorSingle(low << 16).CopyTo(destination[i..]);
            Vector.AsVectorSingle(high << 16).CopyTo(destination[(i + Vector<uint>.Count)..]);
        }
        for (; i < source.Length; i++) destination[i] = BitConverter.UInt32BitsToSingle((uint)source[i] << 16);
    }

    public static void FromHalf(ReadOnlySpan<ushort> source, Span<float> destination)
    {
        var i = 0;
        for (; i <= source.Length - Vector<ushort>.Count; i += Vector<ushort>.Count)
        {
            Vector.Widen(new Vector<ushort>(source[i..]), out var low, out var high);
            FromHalf(low).CopyTo(destination[i..]);
            FromHalf(high).CopyTo(destination[(i + Vector<uint>.Count)..]);
        }
        for (; i < source.Length; i++) destination[i] = (float)BitConverter.UInt16BitsToHalf(source[i]);
    }

    // The exponent is re-biased by a product, which turns subnormal halves into normal singles on the way.
    private static Vector<float> FromHalf(Vector<uint> bits)
    {
        var magnitude = (bits & new Vector<uint>(0x7fff)) << 13;
        var finite = Vector.AsVectorUInt32(Vector.AsVectorSingle(magnitude) * TwoTo112);
        var special = Vector.GreaterThanOrEqual(magnitude, new Vector<uint>(0x7c00u << 13));
        var value = Vector.ConditionalSelect(special, magnitude | new Vector<uint>(0x7f800000), finite);
        return Vector.AsVectorSingle(value | ((bits & new Vector<uint>(0x8000)) << 16));
    }
}
