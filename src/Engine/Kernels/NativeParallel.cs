using System.Runtime.InteropServices;

namespace Grid.Engine.Kernels;

/// <summary>Runs managed loops on libtorch's own threads, so that they do not compete with a second pool.</summary>
internal static unsafe class NativeParallel
{
    // Below this many elements, waking the other threads costs more than they save.
    private const long ElementsPerTask = 16384;

    /// <summary>Splits rows into contiguous ranges. The body must not throw.</summary>
    /// <param name="rows">The number of rows of all sequences.</param>
    /// <param name="width">Elements of a row, to judge what is worth a thread.</param>
    /// <param name="body">Takes the arguments, the first row and the row behind the last.</param>
    /// <param name="arguments">Handed to the body.</param>
    public static void Rows(long rows, long width, delegate*<void*, long, long, void> body, void* arguments)
    {
        var grain = Math.Max(1, ElementsPerTask / Math.Max(1, width));
        if (rows <= grain)
        {
            body(arguments, 0, rows);
            return;
        }
        var call = new Call { Body = body, Arguments = arguments };
        TorchNative.Check(TorchNative.ParallelFor(0, rows, grain, &Invoke, &call), "a parallel loop");
    }

    /// <summary>Runs the body once on each thread; the bodies share out the work among themselves.</summary>
    public static void Workers(int workers, delegate*<void*, long, long, void> body, void* arguments)
    {
        if (workers <= 1)
        {
            body(arguments, 0, 1);
            return;
        }
        var call = new Call { Body = body, Arguments = arguments };
        TorchNative.Check(TorchNative.ParallelFor(0, workers, 1, &Invoke, &call), "a parallel loop");
    }

    [UnmanagedCallersOnly]
    private static void Invoke(long begin, long end, void* context)
    {
        var call = (Call*)context;
        call->Body(call->Arguments, begin, end);
    }

    private struct Call
    {
        public delegate*<void*, long, long, void> Body;
        public void* Arguments;
    }
}
