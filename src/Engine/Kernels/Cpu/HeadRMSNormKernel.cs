using System.Runtime.Intrinsics;

namespace Grid.Engine.Kernels.Cpu;

/// <summary>Qwen3's norm of each query and key head, in place.</summary>
internal static unsafe class HeadRMSNormKernel
{
    public struct Arguments
    {
        public void* Heads;
        public float* Weight;
        public long Stride;
        public int Count;
        public int Width;
        public float Epsilon;
    }

    public static void Rows<T>(void* arguments, long begin, long end)
        where T : unmanaged, IElement<T>
    {
        ref var a = ref *(Arguments*)arguments;
        for (var row = begin; row < end; row++)
        {
            for (var h = 0; h < a.Count; h++)
            {
                var head = (T*)a.Heads + row * a.Stride + h * a.Width;
                var squares = Vector512<float>.Zero;
                for (var i = 0; i < a.Width; i += Lanes.Count)
                {
                    var value = Lanes.Load(head, i, a.Width);
                    squares = Vector512.FusedMultiplyAdd(value, value, squares);
                }

                var scale = 1f / MathF.Sqrt(Vector512.Sum(squares) / a.Width + a.Epsilon);
                for (var i = 0; i < a.Width; i += Lanes.Count)
                    Lanes.Store(Lanes.Load(head, i, a.Width) * scale * Lanes.Load((Float32Element*)a.Weight, i, a.Width), head, i, a.Width);
            }
        }
    }
}
