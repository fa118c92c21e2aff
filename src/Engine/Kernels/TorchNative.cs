using System.Runtime.InteropServices;

namespace Grid.Engine.Kernels;

/// <summary>
/// libtorch's stable C ABI and TorchSharp's own shim. A handle is an <c>at::Tensor*</c>, which is what
/// <c>Tensor.Handle</c> holds: the managed tensor has to outlive the call.
/// </summary>
internal static unsafe class TorchNative
{
    private const string Torch = "torch_cpu";
    private const string Shim = "LibTorchSharp";

    [DllImport(Shim, EntryPoint = "THSTensor_data"), SuppressGCTransition]
    public static extern nint TensorData(nint tensor);

    [DllImport(Torch, EntryPoint = "aoti_torch_new_tensor_handle")]
    public static extern int NewTensorHandle(nint tensor, nint* result);

    [DllImport(Torch, EntryPoint = "aoti_torch_call_dispatcher")]
    public static extern int CallDispatcher(byte* name, byte* overload, ulong* stack);

    [DllImport(Torch, EntryPoint = "aoti_torch_cpu__linear_pointwise")]
    public static extern int LinearPointwise(
        nint input, nint weight, nint* bias, byte* attribute, nint** scalars, long scalarCount, byte** algorithm, nint* result);

    [DllImport(Torch, EntryPoint = "torch_parallel_for")]
    public static extern int ParallelFor(long begin, long end, long grain, delegate* unmanaged<long, long, void*, void> body,
        void* context);

    /// <summary>libtorch writes the cause to stderr and returns a code.</summary>
    public static void Check(int code, string operation)
    {
        if (code != 0) throw new InvalidOperationException($"libtorch refused {operation} (code {code}); its message is on stderr.");
    }
}
