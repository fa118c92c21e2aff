using System.Runtime.Intrinsics;

namespace Grid.Engine.Kernels.Cpu;

/// <summary>Copies, sums and weighted sums of rows.</summary>
internal static unsafe class ElementwiseKernel
{
    public struct Arguments
    {
        public void* Input;
        public void* Output;
        public long* Ids;
        public int* Indices;
        public float* Weights;
        public void* Gates;
        public long Width;
    }

    /// <summary>Row i of the output is row <c>ids[i]</c> of a table.</summary>
    public static void Embed<T>(void* arguments, long begin, long end)
        where T : unmanaged, IElement<T>
    {
        ref var a = ref *(Arguments*)arguments;
        for (var row = begin; row < end; row++)
            CopyRow((T*)a.Input + a.Ids[row] * a.Width, (Float32Element*)a.Output + row * a.Width, a.Width);
    }

    /// <summary>Row i of the output is row <c>indices[i]</c> of the input.</summary>
    public static void Select<T>(void* arguments, long begin, long end)
        where T : unmanaged, IElement<T>
    {
        ref var a = ref *(Arguments*)arguments;
        for (var row = begin; row < end; row++)
            new ReadOnlySpan<T>((T*)a.Input + a.Indices[row] * a.Width, (int)a.Width).CopyTo(
                new Span<T>((T*)a.Output + row * a.Width, (int)a.Width));
    }

    public static void Cast<TFrom, TTo>(void* arguments, long begin, long end)
        where TFrom : unmanaged, IElement<TFrom>
        where TTo : unmanaged, IElement<TTo>
    {
        ref var a = ref *(Arguments*)arguments;
        for (var row = begin; row < end; row++)
            CopyRow((TFrom*)a.Input + row * a.Width, (TTo*)a.Output + row * a.Width, a.Width);
    }

    public static void Add<T>(void* arguments, long begin, long end)
        where T : unmanaged, IElement<T>
    {
        ref var a = ref *(Arguments*)arguments;
        for (var row = begin; row < end; row++)
            AddRow((T*)a.Input + row * a.Width, 1f, (Float32Element*)a.Output + row * a.Width, a.Width);
    }

    /// <summary>Row <c>indices[i]</c> of the output grows by row i of the input times <c>weights[i]</c>; the indices differ.</summary>
    public static void AddWeighted<T>(void* arguments, long begin, long end)
        where T : unmanaged, IElement<T>
    {
        ref var a = ref *(Arguments*)arguments;
        for (var row = begin; row < end; row++)
            AddRow((T*)a.Input + row * a.Width, a.Weights[row], (Float32Element*)a.Output + a.Indices[row] * a.Width, a.Width);
    }

    /// <summary>Each row of the output grows by a row of the input times the sigmoid of its gate.</summary>
    public static void AddGated<T>(void* arguments, long begin, long end)
        where T : unmanaged, IElement<T>
    {
        ref var a = ref *(Arguments*)arguments;
        for (var row = begin; row < end; row++)
        {
            var gate = Lanes.Load((T*)a.Gates, row, row + 1).ToScalar();
            AddRow((T*)a.Input + row * a.Width, 1f / (1f + MathF.Exp(-gate)), (Float32Element*)a.Output + row * a.Width, a.Width);
        }
    }

    private static void CopyRow<TFrom, TTo>(TFrom* from, TTo* to, long width)
        where TFrom : unmanaged, IElement<TFrom>
        where TTo : unmanaged, IElement<TTo>
    {
        for (long i = 0; i < width; i += Lanes.Count) Lanes.Store(Lanes.Load(from, i, width), to, i, width);
    }

    private static void AddRow<T>(T* from, float weight, Float32Element* sum, long width)
        where T : unmanaged, IElement<T>
    {
        // The product is rounded before it is added: a shard that sends products instead of rows gets the same bits.
        for (long i = 0; i < width; i += Lanes.Count)
            Lanes.Store(Lanes.Load(sum, i, width) + Lanes.Load(from, i, width) * Vector512.Create(weight), sum, i, width);
    }
}
