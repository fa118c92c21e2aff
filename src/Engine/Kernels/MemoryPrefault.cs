using System.Runtime.InteropServices;

namespace Grid.Engine.Kernels;

/// <summary>
/// Has the system back memory with pages on a thread of its own, so that a server's resident memory is at its height soon after the start
/// and does not grow for hours while a cache fills. Where the system cannot do it, memory is backed when it is first used.
/// </summary>
internal sealed unsafe partial class MemoryPrefault : IDisposable
{
    private const int PopulateWrite = 23;

    // A thread that maps memory meanwhile waits for one chunk only.
    private const nuint ChunkBytes = 2 << 20;

    private readonly Thread _thread;
    private volatile bool _stop;

    private MemoryPrefault((nint Start, nuint Bytes)[] regions)
    {
        _thread = new Thread(() => Run(regions)) { Name = "prefault", IsBackground = true };
        _thread.Start();
    }

    /// <summary>Begins; the memory must not be freed before this is disposed.</summary>
    public static MemoryPrefault Start(params (nint Start, nuint Bytes)[] regions) => new(regions);

    /// <summary>Waits for the end, for tests.</summary>
    public void Wait() => _thread.Join();

    /// <summary>Ends it, within one chunk.</summary>
    public void Dispose()
    {
        _stop = true;
        _thread.Join();
    }

    private void Run((nint Start, nuint Bytes)[] regions)
    {
        if (!OperatingSystem.IsLinux()) return;
        var page = (nuint)Environment.SystemPageSize;
        foreach (var (start, bytes) in regions)
        {
            var first = (nuint)start / page * page;
            var end = (nuint)start + bytes;
            for (var address = first; address < end && !_stop; address += ChunkBytes)
                if (Advise((void*)address, nuint.Min(ChunkBytes, end - address), PopulateWrite) != 0) return;
        }
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(void* address, nuint length, int advice);
}
