using Grid.Engine.Configuration;
using Grid.Primitives.Ids;
using TorchSharp;
using static TorchSharp.torch;

namespace Grid.Engine.Devices;

/// <summary>The tensor library's device of a device id.</summary>
internal static class RunnerDevice
{
    /// <summary>The device, which must be there.</summary>
    /// <exception cref="ModelLoadException">It does not exist, or it has no tensors.</exception>
    public static Device Of(DeviceId id) => id.Kind switch
    {
        DeviceKind.Cpu => CPU,
        DeviceKind.Cuda => Cuda(id),
        _ => throw new ModelLoadException($"--device must be cpu or cuda:N for a model with tensors; got '{id}'.", ModelLoadFault.Layout),
    };

    private static Device Cuda(DeviceId id)
    {
        if (!cuda.is_available())
            throw new ModelLoadException(
                $"--device {id}: no CUDA device can be used. Build with -p:TorchBackend=cuda on a machine that has one.",
                ModelLoadFault.Layout);
        if (id.Index >= cuda.device_count())
            throw new ModelLoadException($"--device {id}: there are {cuda.device_count()} CUDA devices, counted from 0.",
                ModelLoadFault.Layout);
        return new Device(DeviceType.CUDA, id.Index);
    }
}
