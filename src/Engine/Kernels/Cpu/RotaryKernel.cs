namespace Grid.Engine.Kernels.Cpu;

/// <summary>Rotates element i of a head against element i + half, in place.</summary>
internal static unsafe class RotaryKernel
{
    public struct Arguments
    {
        public void* Heads;
        public long* Positions;
        public float* Cos;
        public float* Sin;
        public long Stride;
        public int Count;
        public int Width;
    }

    public static void Rows<T>(void* arguments, long begin, long end)
        where T : unmanaged, IElement<T>
    {
        ref var a = ref *(Arguments*)arguments;
        var half = a.Width / 2;
        for (var row = begin; row < end; row++)
        {
            var cosines = (Float32Element*)a.Cos + a.Positions[row] * half;
            var sines = (Float32Element*)a.Sin + a.Positions[row] * half;
            for (var i = 0; i < half; i += Lanes.Count)
            {
                var cos = Lanes.Load(cosines, i, half);
                var sin = Lanes.Load(sines, i, half);
                for (var h = 0; h < a.Count; h++)
                {
                    var left = (T*)a.Heads + row * a.Stride + h * a.Width;
                    var right = left + half;
                    var x = Lanes.Load(left, i, half);
                    var y = Lanes.Load(right, i, half);
                    Lanes.Store(x * cos - y * sin, left, i, half);
                    Lanes.Store(y * cos + x * sin, right, i, half);
                }
            }
        }
    }
}
