using System.Runtime.Intrinsics;

namespace Grid.Engine.Kernels.Cpu;

/// <summary><c>residual += delta; output = residual / rms(residual) * weight</c>, a row at a time.</summary>
internal static unsafe class RMSNormKernel
{
    public static void Rows<TDelta, TOutput>(void* arguments, long begin, long end)
        where TDelta : unmanaged, IElement<TDelta>
        where TOutput : unmanaged, IElement<TOutput>
    {
        ref var a = ref *(NormArguments*)arguments;
        for (var row = begin; row < end; row++)
        {
            var residual = (Float32Element*)a.Residual + row * a.Width;
            var squares = a.AddDelta<TDelta, NormArguments.Squares>(row);
            var scale = 1f / MathF.Sqrt(Vector512.Sum(squares) / a.Width + a.Epsilon);
            var output = (TOutput*)a.Output + row * a.Width;
            for (long i = 0; i < a.Width; i += Lanes.Count)
                Lanes.Store(Lanes.Load(residual, i, a.Width) * scale * Lanes.Load((Float32Element*)a.Weight, i, a.Width), output, i,
                    a.Width);
        }
    }
}
