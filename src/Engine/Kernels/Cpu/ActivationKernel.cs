using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Grid.Engine.Kernels.Cpu;

/// <summary>The functions of <see cref="Activation"/>, alone or times a second half.</summary>
internal static unsafe class ActivationKernel
{
    public struct Arguments
    {
        public void* Input;
        public void* Output;
        public long Width;
        public Activation Function;
    }

    /// <summary>In place.</summary>
    public static void Rows<T>(void* arguments, long begin, long end)
        where T : unmanaged, IElement<T>
    {
        ref var a = ref *(Arguments*)arguments;
        for (var row = begin; row < end; row++)
        {
            var x = (T*)a.Input + row * a.Width;
            for (long i = 0; i < a.Width; i += Lanes.Count)
                Lanes.Store(Apply(a.Function, Lanes.Load(x, i, a.Width)), x, i, a.Width);
        }
    }

    /// <summary>silu of the left half of a row times the right half.</summary>
    public static void SiluAndMulRows<T>(void* arguments, long begin, long end)
        where T : unmanaged, IElement<T>
    {
        ref var a = ref *(Arguments*)arguments;
        for (var row = begin; row < end; row++)
        {
            var gate = (T*)a.Input + row * 2 * a.Width;
            var output = (T*)a.Output + row * a.Width;
            for (long i = 0; i < a.Width; i += Lanes.Count)
                Lanes.Store(Silu(Lanes.Load(gate, i, a.Width)) * Lanes.Load(gate + a.Width, i, a.Width), output, i, a.Width);
        }
    }

    private static Vector512<float> Apply(Activation function, Vector512<float> x) => function switch
    {
        Activation.Relu => Vector512.Max(x, Vector512<float>.Zero),
        Activation.Silu => Silu(x),
        Activation.GeluTanh => x * Sigmoid((x + x * x * x * 0.044715f) * 1.5957691216057308f),
        _ => Gelu(x),
    };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Silu(Vector512<float> x) => x * Sigmoid(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Sigmoid(Vector512<float> x) => Vector512<float>.One / (Vector512<float>.One + Vector512.Exp(-x));

    private static Vector512<float> Gelu(Vector512<float> x)
    {
        var values = stackalloc float[Lanes.Count];
        x.Store(values);
        for (var i = 0; i < Lanes.Count; i++) values[i] = (float)(0.5 * values[i] * ErrorFunction.Complement(-values[i] / Math.Sqrt(2)));
        return Vector512.Load(values);
    }
}
