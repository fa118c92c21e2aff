using System.Runtime.Intrinsics;

namespace Grid.Engine.Kernels.Cpu;

/// <summary><c>residual += delta; output = (residual - mean) / deviation * weight + bias</c>, a row at a time.</summary>
internal static unsafe class LayerNormKernel
{
    public static void Rows<TDelta, TOutput>(void* arguments, long begin, long end)
        where TDelta : unmanaged, IElement<TDelta>
        where TOutput : unmanaged, IElement<TOutput>
    {
        ref var a = ref *(NormArguments*)arguments;
        for (var row = begin; row < end; row++)
        {
            var residual = (Float32Element*)a.Residual + row * a.Width;
            var sum = a.AddDelta<TDelta, NormArguments.Elements>(row);
            var mean = Vector512.Sum(sum) / a.Width;
            var scale = 1f / MathF.Sqrt(Variance(residual, mean, a.Width) + a.Epsilon);
            var output = (TOutput*)a.Output + row * a.Width;
            for (long i = 0; i < a.Width; i += Lanes.Count)
            {
                var normalised = (Lanes.Load(residual, i, a.Width) - Vector512.Create(mean)) * scale;
                var weight = Lanes.Load((Float32Element*)a.Weight, i, a.Width);
                var bias = Lanes.Load((Float32Element*)a.Bias, i, a.Width);
                Lanes.Store(Vector512.FusedMultiplyAdd(normalised, weight, bias), output, i, a.Width);
            }
        }
    }

    private static float Variance(Float32Element* row, float mean, long width)
    {
        var sum = Vector512<float>.Zero;
        for (long i = 0; i < width; i += Lanes.Count)
        {
            var difference = Lanes.Load(row, i, width) - Vector512.Create(mean);
            if (width - i < Lanes.Count)
                difference = Vector512.ConditionalSelect(Lanes.Below((int)(width - i)), difference, Vector512<float>.Zero);
            sum = Vector512.FusedMultiplyAdd(difference, difference, sum);
        }
        return Vector512.Sum(sum) / width;
    }
}
