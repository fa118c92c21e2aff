using Grid.Engine.Configuration;
using Grid.Primitives.Ids;
using TorchSharp;

namespace Grid.Engine.Devices;

/// <summary>How much memory devices have.</summary>
public static class DeviceMemory
{
    /// <summary>Bytes of all of a device's memory, in use or not; of <c>cpu</c>, what this process may have.</summary>
    /// <exception cref="ModelLoadException">There is no such device.</exception>
    public static long TotalOf(DeviceId device) => device.Kind == DeviceKind.Cpu
        ? GC.GetGCMemoryInfo().TotalAvailableMemoryBytes
        : new CudaDeviceMemory(RunnerDevice.Of(device).index).Read().Total;

    /// <summary>The CUDA devices that this build can use; none without a driver, or where the build is for the CPU.</summary>
    public static IReadOnlyList<DeviceId> FindCuda() =>
        torch.cuda.is_available() ? [.. Enumerable.Range(0, torch.cuda.device_count()).Select(DeviceId.Cuda)] : [];
}
