using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Grid.Engine.Kernels;

/// <summary>Sixteen lanes of a row. The last ones of a row may be fewer: they read as zero behind it and write only up to it.</summary>
internal static unsafe class Lanes
{
    public const int Count = 16;

    /// <summary>All bits set in the first <paramref name="count"/> lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Below(int count) => Vector512.LessThan(Vector512<int>.Indices, Vector512.Create(count)).AsSingle();

    /// <summary>The largest of sixteen lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Max(Vector512<float> value)
    {
        var eight = Vector256.Max(value.GetLower(), value.GetUpper());
        var four = Vector128.Max(eight.GetLower(), eight.GetUpper());
        var two = Vector128.Max(four, Vector128.Shuffle(four, Vector128.Create(2, 3, 0, 1)));
        return Vector128.Max(two, Vector128.Shuffle(two, Vector128.Create(1, 0, 3, 2))).ToScalar();
    }

    /// <summary>Elements <paramref name="index"/> and on of a row of <paramref name="length"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Load<T>(T* row, long index, long length)
        where T : unmanaged, IElement<T> =>
        length - index >= Count ? T.Load(row + index) : LoadTail(row + index, (int)(length - index));

    /// <summary>The same, written.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store<T>(Vector512<float> value, T* row, long index, long length)
        where T : unmanaged, IElement<T>
    {
        if (length - index >= Count) T.Store(value, row + index);
        else StoreTail(value, row + index, (int)(length - index));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Vector512<float> LoadTail<T>(T* source, int count)
        where T : unmanaged, IElement<T>
    {
        var whole = stackalloc T[Count];
        for (var i = 0; i < Count; i++) whole[i] = i < count ? source[i] : default;
        return T.Load(whole);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void StoreTail<T>(Vector512<float> value, T* destination, int count)
        where T : unmanaged, IElement<T>
    {
        var whole = stackalloc T[Count];
        T.Store(value, whole);
        for (var i = 0; i < count; i++) destination[i] = whole[i];
    }
}
