using System.Runtime.Intrinsics;

namespace Grid.Engine.Kernels.Cpu;

/// <summary><c>residual += delta; output = residual / rms(residual) * weight</c>, a row at a time.</summary>
internal static unsafe class RMSNormKernel
{
    public struct Arguments
    {
        public float* Residual;
        public void* Delta;
        public float* Weight;
        public void* Output;
        public long Width;
        public float Epsilon;
    }

    public static void Rows<TDelta, TOutput>(void* arguments, long begin, long end)
        where TDelta : unmanaged, IElement<TDelta>
        where TOutput : unmanaged, IElement<TOutput>
    {
        ref var a = ref *(Arguments*)arguments;
        for (var row = begin; row < end; row++)
        {
            var residual = (Float32Element*)a.Residual + row * a.Width;
            var squares = Vector512<float>.Zero;
            for (long i = 0; i < a.Width; i += Lanes.Count)
            {
                var value = Lanes.Load(residual, i, a.Width);
                if (a.Delta != null)
                {
                    value += Lanes.Load((TDelta*)a.Delta + row * a.Width, i, a.Width);
                    Lanes.Store(value, residual, i, a.Width);
                }
                squares = Vector512.FusedMultiplyAdd(value, value, squares);
            }

            var scale = 1f / MathF.Sqrt(Vector512.Sum(squares) / a.Width + a.Epsilon);
            var output = (TOutput*)a.Output + row * a.Width;
            for (long i = 0; i < a.Width; i += Lanes.Count)
                Lanes.Store(Lanes.Load(residual, i, a.Width) * scale * Lanes.Load((Float32Element*)a.Weight, i, a.Width), output, i, a.Width);
        }
    }
}
