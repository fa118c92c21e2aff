using System.Runtime.InteropServices;
using Grid.Engine.Configuration;

namespace Grid.Engine.Devices;

/// <summary>Calls of the CUDA runtime that TorchSharp does not expose.</summary>
internal static unsafe class CudaRuntime
{
    private const int NotReady = 600;
    private static readonly string[] Libraries = ["libcudart.so.12", "libcudart.so.13", "libcudart.so", "cudart64_12"];
    private static readonly Lazy<Functions> Loaded = new(Load);

    /// <summary>Makes a device the calling thread's own.</summary>
    /// <returns>CUDA's error code, or 0.</returns>
    public static int SetDevice(int device) => Forget(Loaded.Value.SetDevice(device));

    /// <summary>Free and total bytes of the thread's device.</summary>
    /// <returns>CUDA's error code, or 0.</returns>
    public static int ReadMemory(out long free, out long total)
    {
        nuint freeBytes = 0, totalBytes = 0;
        var code = Forget(Loaded.Value.GetMemory(&freeBytes, &totalBytes));
        (free, total) = ((long)freeBytes, (long)totalBytes);
        return code;
    }

    /// <summary>Whether everything put on a stream is done.</summary>
    /// <returns>CUDA's error code, or 0.</returns>
    public static int QueryStream(nint stream, out bool idle)
    {
        var code = Forget(Loaded.Value.QueryStream(stream));
        idle = code == 0;
        return code == NotReady ? 0 : code;
    }

    // It stays the thread's last error, which libtorch would take for that of its own next call.
    private static int Forget(int code)
    {
        if (code != 0) _ = Loaded.Value.GetLastError();
        return code;
    }

    private static Functions Load()
    {
        foreach (var name in MappedLibraries.Of("libcudart").Concat(Libraries))
            if (NativeLibrary.TryLoad(name, typeof(CudaRuntime).Assembly, null, out var library)) return new Functions(library);
        throw new ModelLoadException($"The CUDA runtime is not there: none of {string.Join(", ", Libraries)} could be loaded.");
    }

    private sealed class Functions(nint library)
    {
        public readonly delegate* unmanaged<int, int> SetDevice =
            (delegate* unmanaged<int, int>)NativeLibrary.GetExport(library, "cudaSetDevice");
        public readonly delegate* unmanaged<nuint*, nuint*, int> GetMemory =
            (delegate* unmanaged<nuint*, nuint*, int>)NativeLibrary.GetExport(library, "cudaMemGetInfo");
        public readonly delegate* unmanaged<int> GetLastError =
            (delegate* unmanaged<int>)NativeLibrary.GetExport(library, "cudaGetLastError");
        public readonly delegate* unmanaged<nint, int> QueryStream =
            (delegate* unmanaged<nint, int>)NativeLibrary.GetExport(library, "cudaStreamQuery");
    }
}
