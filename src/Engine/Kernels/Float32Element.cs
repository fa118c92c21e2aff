using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Grid.Engine.Kernels;

/// <summary>IEEE single.</summary>
internal readonly unsafe struct Float32Element : IElement<Float32Element>
{
    /// <summary>Gives the element its size.</summary>
    public readonly float Value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Load(Float32Element* source) => Vector512.Load((float*)source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector512<float> value, Float32Element* destination) => value.Store((float*)destination);
}
