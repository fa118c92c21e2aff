using System.Runtime.InteropServices;

namespace Grid.Engine.Execution;

/// <summary>Asks the CUDA runtime, which TorchSharp does not expose.</summary>
internal sealed unsafe class CudaDeviceMemory(int device) : IDeviceMemory
{
    private const string LinuxMappingsFile = "/proc/self/maps";
    private static readonly string[] Libraries = ["libcudart.so.12", "libcudart.so.13", "libcudart.so", "cudart64_12"];
    private static readonly Lazy<nint> Runtime = new(Load);

    public (long Free, long Total) Read()
    {
        var setDevice = (delegate* unmanaged<int, int>)NativeLibrary.GetExport(Runtime.Value, "cudaSetDevice");
        var getInfo = (delegate* unmanaged<nuint*, nuint*, int>)NativeLibrary.GetExport(Runtime.Value, "cudaMemGetInfo");
        nuint free, total;
        Check(setDevice(device), "cudaSetDevice");
        Check(getInfo(&free, &total), "cudaMemGetInfo");
        return ((long)free, (long)total);
    }

    private static nint Load()
    {
        foreach (var name in Mapped().Concat(Libraries))
            if (NativeLibrary.TryLoad(name, typeof(CudaDeviceMemory).Assembly, null, out var handle)) return handle;
        throw new ModelLoadException($"The CUDA runtime is not there: none of {string.Join(", ", Libraries)} could be loaded.");
    }

    // libtorch's packages add a hash to the library's name, so the one that libtorch has loaded is taken from the process.
    private static IEnumerable<string> Mapped() => !File.Exists(LinuxMappingsFile) ? [] : File.ReadLines(LinuxMappingsFile)
        .Where(line => line.Contains("/libcudart", StringComparison.Ordinal))
        .Select(line => line[line.IndexOf('/', StringComparison.Ordinal)..])
        .Distinct(StringComparer.Ordinal);

    private void Check(int code, string call)
    {
        if (code != 0) throw new ModelLoadException($"{call} failed on cuda:{device} with CUDA error {code}.");
    }
}
