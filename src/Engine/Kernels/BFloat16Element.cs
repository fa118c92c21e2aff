using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Grid.Engine.Kernels;

/// <summary>The upper half of a single, rounded to nearest even.</summary>
internal readonly unsafe struct BFloat16Element : IElement<BFloat16Element>
{
    /// <summary>Gives the element its size.</summary>
    public readonly ushort Bits;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Load(BFloat16Element* source)
    {
        var half = Vector256.Load((ushort*)source);
        var wide = Avx512F.IsSupported
            ? Avx512F.ConvertToVector512UInt32(half)
            : Vector512.Create(Vector256.WidenLower(half), Vector256.WidenUpper(half));
        return (wide << 16).AsSingle();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector512<float> value, BFloat16Element* destination)
    {
        var bits = value.AsUInt32();
        var rounded = (bits + Vector512.Create(0x7FFFu) + ((bits >> 16) & Vector512<uint>.One)) >> 16;
        var result = Vector512.ConditionalSelect(Vector512.IsNaN(value).AsUInt32(), Vector512.Create(0x7FC0u), rounded);
        var narrow = Avx512F.IsSupported
            ? Avx512F.ConvertToVector256UInt16(result)
            : Vector256.Narrow(result.GetLower(), result.GetUpper());
        narrow.Store((ushort*)destination);
    }
}
