using System.Runtime.InteropServices;

namespace Grid.Engine.Kernels;

/// <summary>Uninitialised memory outside the collector's heap, aligned for vectors.</summary>
internal sealed unsafe class NativeBuffer<T> : IDisposable
    where T : unmanaged
{
    private const nuint Alignment = 64;

    /// <summary>First element; changes when the buffer grows.</summary>
    public T* Pointer { get; private set; }

    /// <summary>Elements there is room for.</summary>
    public long Capacity { get; private set; }

    /// <summary>The whole buffer.</summary>
    public Span<T> Span => new(Pointer, checked((int)Capacity));

    /// <summary>Makes room; the contents are lost where it had too little.</summary>
    public void EnsureCapacity(long count)
    {
        if (count <= Capacity) return;
        Dispose();
        Pointer = (T*)NativeMemory.AlignedAlloc(checked((nuint)(count * sizeof(T))), Alignment);
        Capacity = count;
    }

    public void Dispose()
    {
        NativeMemory.AlignedFree(Pointer);
        Pointer = null;
        Capacity = 0;
    }
}
