using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Grid.Engine.Kernels;

namespace Grid.Engine.Attention;

/// <summary>
/// The two inner products of attention, for four queries or for one. Both forms do the same arithmetic for a query:
/// even and odd dimensions of a score apart, tokens of a value in order.
/// </summary>
internal static unsafe class PagedAttentionTile
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Score4<T>(T* keys, T* next, int stride, int dimensions, float* q, int width, float* scores)
        where T : unmanaged, IElement<T>
    {
        Vector512<float> even0 = default, even1 = default, even2 = default, even3 = default;
        Vector512<float> odd0 = default, odd1 = default, odd2 = default, odd3 = default;
        float* q1 = q + width, q2 = q1 + width, q3 = q2 + width;
        var i = 0;
        for (; i + 1 < dimensions; i += 2)
        {
            Prefetch(next + (long)i * stride);
            if (sizeof(T) > 2) Prefetch(next + (long)(i + 1) * stride);
            var k = T.Load(keys + (long)i * stride);
            even0 = Vector512.FusedMultiplyAdd(k, Vector512.Create(q[i]), even0);
            even1 = Vector512.FusedMultiplyAdd(k, Vector512.Create(q1[i]), even1);
            even2 = Vector512.FusedMultiplyAdd(k, Vector512.Create(q2[i]), even2);
            even3 = Vector512.FusedMultiplyAdd(k, Vector512.Create(q3[i]), even3);
            k = T.Load(keys + (long)(i + 1) * stride);
            odd0 = Vector512.FusedMultiplyAdd(k, Vector512.Create(q[i + 1]), odd0);
            odd1 = Vector512.FusedMultiplyAdd(k, Vector512.Create(q1[i + 1]), odd1);
            odd2 = Vector512.FusedMultiplyAdd(k, Vector512.Create(q2[i + 1]), odd2);
            odd3 = Vector512.FusedMultiplyAdd(k, Vector512.Create(q3[i + 1]), odd3);
        }
        if (i < dimensions)
        {
            var k = T.Load(keys + (long)i * stride);
            even0 = Vector512.FusedMultiplyAdd(k, Vector512.Create(q[i]), even0);
            even1 = Vector512.FusedMultiplyAdd(k, Vector512.Create(q1[i]), even1);
            even2 = Vector512.FusedMultiplyAdd(k, Vector512.Create(q2[i]), even2);
            even3 = Vector512.FusedMultiplyAdd(k, Vector512.Create(q3[i]), even3);
        }
        (even0 + odd0).Store(scores);
        (even1 + odd1).Store(scores + Lanes.Count);
        (even2 + odd2).Store(scores + 2 * Lanes.Count);
        (even3 + odd3).Store(scores + 3 * Lanes.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Score1<T>(T* keys, int stride, int dimensions, float* q, float* scores)
        where T : unmanaged, IElement<T>
    {
        Vector512<float> even = default, odd = default;
        var i = 0;
        for (; i + 1 < dimensions; i += 2)
        {
            even = Vector512.FusedMultiplyAdd(T.Load(keys + (long)i * stride), Vector512.Create(q[i]), even);
            odd = Vector512.FusedMultiplyAdd(T.Load(keys + (long)(i + 1) * stride), Vector512.Create(q[i + 1]), odd);
        }
        if (i < dimensions) even = Vector512.FusedMultiplyAdd(T.Load(keys + (long)i * stride), Vector512.Create(q[i]), even);
        (even + odd).Store(scores);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Accumulate4<T>(T* values, T* next, int tokens, int dimensions, float* weights, float* sums, int width)
        where T : unmanaged, IElement<T>
    {
        for (var i = 0; i < dimensions; i += Lanes.Count)
        {
            var sum = sums + i;
            var sum0 = Vector512.Load(sum);
            var sum1 = Vector512.Load(sum + width);
            var sum2 = Vector512.Load(sum + 2 * width);
            var sum3 = Vector512.Load(sum + 3 * width);
            for (var t = 0; t < tokens; t++)
            {
                Prefetch(next + (long)t * dimensions + i);
                var v = T.Load(values + (long)t * dimensions + i);
                sum0 = Vector512.FusedMultiplyAdd(v, Vector512.Create(weights[t]), sum0);
                sum1 = Vector512.FusedMultiplyAdd(v, Vector512.Create(weights[Lanes.Count + t]), sum1);
                sum2 = Vector512.FusedMultiplyAdd(v, Vector512.Create(weights[2 * Lanes.Count + t]), sum2);
                sum3 = Vector512.FusedMultiplyAdd(v, Vector512.Create(weights[3 * Lanes.Count + t]), sum3);
            }
            sum0.Store(sum);
            sum1.Store(sum + width);
            sum2.Store(sum + 2 * width);
            sum3.Store(sum + 3 * width);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Accumulate1<T>(T* values, int tokens, int dimensions, float* weights, float* sums, int width)
        where T : unmanaged, IElement<T>
    {
        for (var i = 0; i < dimensions; i += Lanes.Count)
        {
            var sum = Vector512.Load(sums + i);
            for (var t = 0; t < tokens; t++)
                sum = Vector512.FusedMultiplyAdd(T.Load(values + (long)t * dimensions + i), Vector512.Create(weights[t]), sum);
            sum.Store(sums + i);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Prefetch(void* address)
    {
        if (Sse.IsSupported) Sse.Prefetch0(address);
    }
}
