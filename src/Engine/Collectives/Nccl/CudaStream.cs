using System.Runtime.InteropServices;
using Grid.Engine.Devices;
using Grid.Engine.Kernels;
using TorchSharp;

namespace Grid.Engine.Collectives.Nccl;

/// <summary>
/// libtorch's current stream of a CUDA device: an operation that NCCL puts there runs between the kernels before and after it.
/// </summary>
internal sealed unsafe class CudaStream(int device) : IDeviceStream
{
    public DeviceType Type => DeviceType.CUDA;

    public nint Handle
    {
        get
        {
            nint stream;
            TorchNative.Check(CurrentStream(device, &stream), "the current CUDA stream");
            return stream;
        }
    }

    public void Activate() => Check(CudaRuntime.SetDevice(device));

    public bool IsIdle(nint stream)
    {
        Check(CudaRuntime.QueryStream(stream, out var idle));
        return idle;
    }

    private void Check(int code)
    {
        if (code != 0) throw new InvalidOperationException($"cuda:{device} failed with CUDA error {code}");
    }

    [DllImport("torch_cuda", EntryPoint = "aoti_torch_get_current_cuda_stream")]
    private static extern int CurrentStream(int device, nint* stream);
}
