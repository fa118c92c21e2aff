using Grid.Engine.Geometry;
using static TorchSharp.torch;

namespace Grid.Engine.Kernels;

/// <summary>
/// What layers do to rows between the linears. The residual stream is float32; everything else is in the model's type.
/// Tensors returned are new and belong to the caller.
/// </summary>
internal interface IKernels
{
    /// <summary>Rows of a table, as float32.</summary>
    Tensor Embed(Tensor table, Tensor ids);

    /// <summary>Adds <paramref name="delta"/> to the residual stream, whatever its type.</summary>
    void Add(Tensor residual, Tensor delta);

    /// <summary>Adds the delta, where there is one, and returns the normalised residual stream in the given type.</summary>
    Tensor RMSNorm(Tensor residual, Tensor? delta, Tensor weight, float epsilon, ScalarType type);

    /// <summary>The same with mean and bias.</summary>
    Tensor LayerNorm(Tensor residual, Tensor? delta, Tensor weight, Tensor bias, float epsilon, ScalarType type);

    /// <summary>Normalises each of some heads of a row, in place.</summary>
    void HeadRMSNorm(Tensor qkv, HeadRange heads, Tensor weight, float epsilon);

    /// <summary>Rotates each of some heads of a row to its position, in place.</summary>
    void Rotate(Tensor qkv, HeadRange heads, Tensor positions, Tensor cos, Tensor sin);

    /// <summary>silu of the left half times the right half.</summary>
    Tensor SiluAndMul(Tensor gateUp);

    /// <summary>Applies the function in place.</summary>
    void Activate(Tensor x, Activation activation);

    /// <summary>A copy in another type.</summary>
    Tensor Cast(Tensor x, ScalarType type);

    /// <summary>Copies of some rows.</summary>
    Tensor SelectRows(Tensor x, ReadOnlySpan<int> rows);

    /// <summary>Adds row i of <paramref name="x"/>, times its weight, to row <c>rows[i]</c> of a float32 sum.</summary>
    void AddWeightedRows(Tensor sum, Tensor x, ReadOnlySpan<int> rows, ReadOnlySpan<float> weights);

    /// <summary>Adds each row of <paramref name="x"/>, times the sigmoid of its gate, to a float32 sum.</summary>
    void AddGatedRows(Tensor sum, Tensor x, Tensor gate);

    /// <summary>Writes all values as float32 to host memory.</summary>
    void CopyToHost(Tensor x, Span<float> destination);
}
