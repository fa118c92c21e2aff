using Grid.Engine.Configuration;

namespace Grid.Engine.Devices;

/// <summary>Asks the CUDA runtime.</summary>
internal sealed class CudaDeviceMemory(int device) : IDeviceMemory
{
    public (long Free, long Total) Read()
    {
        Check(CudaRuntime.SetDevice(device), "cudaSetDevice");
        Check(CudaRuntime.ReadMemory(out var free, out var total), "cudaMemGetInfo");
        return (free, total);
    }

    private void Check(int code, string call)
    {
        if (code != 0) throw new ModelLoadException($"{call} failed on cuda:{device} with CUDA error {code}.");
    }
}
