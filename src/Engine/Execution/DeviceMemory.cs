using TorchSharp;

namespace Grid.Engine.Execution;

/// <summary>How much memory devices have.</summary>
public static class DeviceMemory
{
    private const string Host = "cpu";

    /// <summary>Bytes of all of a device's memory, in use or not; of <c>cpu</c>, what this process may have.</summary>
    /// <param name="device">cpu or cuda:N.</param>
    /// <exception cref="ModelLoadException">There is no such device.</exception>
    public static long TotalOf(string device) =>
        device == Host ? GC.GetGCMemoryInfo().TotalAvailableMemoryBytes : new CudaDeviceMemory(RunnerDevice.Parse(device).index).Read().Total;
}
