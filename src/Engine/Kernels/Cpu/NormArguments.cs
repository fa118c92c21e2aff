using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Grid.Engine.Kernels.Cpu;

/// <summary>Rows of a residual stream to add to and to normalise.</summary>
internal unsafe struct NormArguments
{
    public float* Residual;

    /// <summary>Added to the residual stream before the norm; null: nothing is added.</summary>
    public void* Delta;

    public float* Weight;

    /// <summary>Null in an RMS norm.</summary>
    public float* Bias;

    public void* Output;
    public long Width;
    public float Epsilon;

    /// <summary>Folds the elements of a row into a sum for each lane.</summary>
    public interface IRowSum
    {
        static abstract Vector512<float> Add(Vector512<float> sum, Vector512<float> value);
    }

    /// <summary>Adds the delta to a row and sums its elements in the same pass over memory.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly Vector512<float> AddDelta<TDelta, TSum>(long row)
        where TDelta : unmanaged, IElement<TDelta>
        where TSum : struct, IRowSum
    {
        var residual = (Float32Element*)Residual + row * Width;
        var sum = Vector512<float>.Zero;
        for (long i = 0; i < Width; i += Lanes.Count)
        {
            var value = Lanes.Load(residual, i, Width);
            if (Delta != null)
            {
                value += Lanes.Load((TDelta*)Delta + row * Width, i, Width);
                Lanes.Store(value, residual, i, Width);
            }
            sum = TSum.Add(sum, value);
        }
        return sum;
    }

    /// <summary>The elements themselves.</summary>
    public readonly struct Elements : IRowSum
    {
        public static Vector512<float> Add(Vector512<float> sum, Vector512<float> value) => sum + value;
    }

    /// <summary>The elements' squares.</summary>
    public readonly struct Squares : IRowSum
    {
        public static Vector512<float> Add(Vector512<float> sum, Vector512<float> value) => Vector512.FusedMultiplyAdd(value, value, sum);
    }
}
