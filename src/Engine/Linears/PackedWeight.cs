using System.Runtime.InteropServices;
using Grid.Engine.Kernels;
using static TorchSharp.torch;

namespace Grid.Engine.Linears;

/// <summary>oneDNN's linear over a weight that is laid out for it once instead of at each call.</summary>
internal static unsafe class PackedWeight
{
    // oneDNN chooses the layout for this many rows; it serves 1 to 256 well.
    private const ulong BatchHint = 32;

    private static readonly byte* Empty = (byte*)Marshal.StringToCoTaskMemUTF8("");
    private static readonly byte* None = (byte*)Marshal.StringToCoTaskMemUTF8("none");
    private static readonly byte* Reorder = (byte*)Marshal.StringToCoTaskMemUTF8("mkldnn::_reorder_linear_weight");

    public static Tensor Pack(Tensor weight)
    {
        nint argument;
        TorchNative.Check(TorchNative.NewTensorHandle(weight.Handle, &argument), "a tensor handle");

        // libtorch takes over both: the handle, and the cell that makes the hint an optional.
        var hint = (ulong*)NativeMemory.Alloc(sizeof(ulong));
        *hint = BatchHint;
        var stack = stackalloc ulong[] { (ulong)argument, (ulong)hint };
        TorchNative.Check(TorchNative.CallDispatcher(Reorder, Empty, stack), $"packing a weight of [{string.Join(", ", weight.shape)}]");
        GC.KeepAlive(weight);
        return Tensor.UnsafeCreateTensor((nint)stack[0]);
    }

    public static Tensor Linear(Tensor x, Tensor packed, Tensor? bias)
    {
        var biasHandle = bias?.Handle ?? 0;
        var algorithm = Empty;
        nint result;
        var code =
            TorchNative.LinearPointwise(x.Handle, packed.Handle, bias is null ? null : &biasHandle, None, null, 0, &algorithm, &result);
        TorchNative.Check(code, "a packed linear");
        GC.KeepAlive(x);
        GC.KeepAlive(packed);
        GC.KeepAlive(bias);
        return Tensor.UnsafeCreateTensor(result);
    }
}
