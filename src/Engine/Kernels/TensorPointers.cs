using static TorchSharp.torch;

namespace Grid.Engine.Kernels;

/// <summary>Addresses of CPU tensors, valid while the tensor is referenced.</summary>
internal static unsafe class TensorPointers
{
    public static void* Data(this Tensor tensor) => (void*)TorchNative.TensorData(tensor.Handle);

    public static T* Data<T>(this Tensor tensor)
        where T : unmanaged => (T*)TorchNative.TensorData(tensor.Handle);

    /// <summary>The elements of a contiguous tensor as bytes.</summary>
    public static Span<byte> Bytes(this Tensor tensor) => new(tensor.Data(), checked((int)(tensor.numel() * tensor.element_size())));
}
