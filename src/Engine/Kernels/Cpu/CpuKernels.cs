using Grid.Engine.Geometry;
using static TorchSharp.torch;

namespace Grid.Engine.Kernels.Cpu;

/// <summary>
/// Vector kernels over CPU tensors. Each row is computed by one thread in one order, so its bits depend on nothing but
/// itself; libtorch's elementwise and reducing operations do not promise that.
/// </summary>
internal sealed unsafe class CpuKernels : IKernels
{
    public Tensor Embed(Tensor table, Tensor ids)
    {
        long rows = ids.size(0), width = table.size(1);
        var result = empty(rows, width, ScalarType.Float32);
        var arguments =
            new ElementwiseKernel.Arguments { Input = table.Data(), Output = result.Data(), Ids = ids.Data<long>(), Width = width };
        NativeParallel.Rows(rows, width, Is16(table) ? &ElementwiseKernel.Embed<BFloat16Element> : &ElementwiseKernel.Embed<Float32Element>,
            &arguments);
        return result;
    }

    public void Add(Tensor residual, Tensor delta)
    {
        long rows = residual.size(0), width = residual.size(1);
        var arguments = new ElementwiseKernel.Arguments { Input = delta.Data(), Output = residual.Data(), Width = width };
        NativeParallel.Rows(rows, width, Is16(delta) ? &ElementwiseKernel.Add<BFloat16Element> : &ElementwiseKernel.Add<Float32Element>,
            &arguments);
    }

    public Tensor RMSNorm(Tensor residual, Tensor? delta, Tensor weight, float epsilon, ScalarType type)
    {
        long rows = residual.size(0), width = residual.size(1);
        var result = empty(rows, width, type);
        var arguments = new NormArguments
        {
            Residual = residual.Data<float>(),
            Delta = delta is null ? null : delta.Data(),
            Weight = weight.Data<float>(),
            Output = result.Data(),
            Width = width,
            Epsilon = epsilon,
        };
        NativeParallel.Rows(rows, width, (delta is not null && Is16(delta), type == ScalarType.BFloat16) switch
        {
            (true, true) => &RMSNormKernel.Rows<BFloat16Element, BFloat16Element>,
            (true, false) => &RMSNormKernel.Rows<BFloat16Element, Float32Element>,
            (false, true) => &RMSNormKernel.Rows<Float32Element, BFloat16Element>,
            (false, false) => &RMSNormKernel.Rows<Float32Element, Float32Element>,
        }, &arguments);
        return result;
    }

    public Tensor LayerNorm(Tensor residual, Tensor? delta, Tensor weight, Tensor bias, float epsilon, ScalarType type)
    {
        long rows = residual.size(0), width = residual.size(1);
        var result = empty(rows, width, type);
        var arguments = new NormArguments
        {
            Residual = residual.Data<float>(),
            Delta = delta is null ? null : delta.Data(),
            Weight = weight.Data<float>(),
            Bias = bias.Data<float>(),
            Output = result.Data(),
            Width = width,
            Epsilon = epsilon,
        };
        NativeParallel.Rows(rows, width, (delta is not null && Is16(delta), type == ScalarType.BFloat16) switch
        {
            (true, true) => &LayerNormKernel.Rows<BFloat16Element, BFloat16Element>,
            (true, false) => &LayerNormKernel.Rows<BFloat16Element, Float32Element>,
            (false, true) => &LayerNormKernel.Rows<Float32Element, BFloat16Element>,
            (false, false) => &LayerNormKernel.Rows<Float32Element, Float32Element>,
        }, &arguments);
        return result;
    }

    public void HeadRMSNorm(Tensor qkv, HeadRange heads, Tensor weight, float epsilon)
    {
        long rows = qkv.size(0), stride = qkv.size(1);
        var arguments = new HeadRMSNormKernel.Arguments
        {
            Heads = FirstHead(qkv, heads),
            Weight = weight.Data<float>(),
            Stride = stride,
            Count = heads.Count,
            Width = heads.Width,
            Epsilon = epsilon,
        };
        NativeParallel.Rows(rows, heads.Count * heads.Width,
            Is16(qkv) ? &HeadRMSNormKernel.Rows<BFloat16Element> : &HeadRMSNormKernel.Rows<Float32Element>, &arguments);
    }

    public void Rotate(Tensor qkv, HeadRange heads, Tensor positions, Tensor cos, Tensor sin)
    {
        long rows = qkv.size(0), stride = qkv.size(1);
        var arguments = new RotaryKernel.Arguments
        {
            Heads = FirstHead(qkv, heads),
            Positions = positions.Data<long>(),
            Cos = cos.Data<float>(),
            Sin = sin.Data<float>(),
            Stride = stride,
            Count = heads.Count,
            Width = heads.Width,
        };
        NativeParallel.Rows(rows, heads.Count * heads.Width,
            Is16(qkv) ? &RotaryKernel.Rows<BFloat16Element> : &RotaryKernel.Rows<Float32Element>, &arguments);
    }

    public Tensor SiluAndMul(Tensor gateUp)
    {
        long rows = gateUp.size(0), width = gateUp.size(1) / 2;
        var result = empty(rows, width, gateUp.dtype);
        var arguments = new ActivationKernel.Arguments { Input = gateUp.Data(), Output = result.Data(), Width = width };
        NativeParallel.Rows(rows, 4 * width,
            Is16(gateUp) ? &ActivationKernel.SiluAndMulRows<BFloat16Element> : &ActivationKernel.SiluAndMulRows<Float32Element>,
            &arguments);
        return result;
    }

    public void Activate(Tensor x, Activation activation)
    {
        long rows = x.size(0), width = x.size(1);
        var arguments = new ActivationKernel.Arguments { Input = x.Data(), Width = width, Function = activation };
        NativeParallel.Rows(rows, 4 * width, Is16(x) ? &ActivationKernel.Rows<BFloat16Element> : &ActivationKernel.Rows<Float32Element>,
            &arguments);
    }

    public Tensor Cast(Tensor x, ScalarType type)
    {
        var result = empty(x.size(0), x.size(1), type);
        Convert(x, result.Data(), type == ScalarType.BFloat16);
        return result;
    }

    public Tensor SelectRows(Tensor x, ReadOnlySpan<int> rows)
    {
        var width = x.size(1);
        var result = empty(rows.Length, width, x.dtype);
        fixed (int* indices = rows)
        {
            var arguments = new ElementwiseKernel.Arguments { Input = x.Data(), Output = result.Data(), Indices = indices, Width = width };
            NativeParallel.Rows(rows.Length, width,
                Is16(x) ? &ElementwiseKernel.Select<BFloat16Element> : &ElementwiseKernel.Select<Float32Element>, &arguments);
        }
        return result;
    }

    public void AddWeightedRows(Tensor sum, Tensor x, ReadOnlySpan<int> rows, ReadOnlySpan<float> weights)
    {
        var width = x.size(1);
        fixed (int* indices = rows)
        fixed (float* factors = weights)
        {
            var arguments = new ElementwiseKernel.Arguments
            {
                Input = x.Data(), Output = sum.Data(), Indices = indices, Weights = factors,
                Width = width
            };
            NativeParallel.Rows(rows.Length, width,
                Is16(x) ? &ElementwiseKernel.AddWeighted<BFloat16Element> : &ElementwiseKernel.AddWeighted<Float32Element>, &arguments);
        }
    }

    public void AddGatedRows(Tensor sum, Tensor x, Tensor gate)
    {
        long rows = x.size(0), width = x.size(1);
        var arguments = new ElementwiseKernel.Arguments { Input = x.Data(), Output = sum.Data(), Gates = gate.Data(), Width = width };
        NativeParallel.Rows(rows, width,
            Is16(x) ? &ElementwiseKernel.AddGated<BFloat16Element> : &ElementwiseKernel.AddGated<Float32Element>, &arguments);
    }

    public void CopyToHost(Tensor x, Span<float> destination)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(destination.Length, x.size(0) * x.size(1), nameof(destination));
        fixed (float* to = destination) Convert(x, to, to16: false);
    }

    private static void Convert(Tensor x, void* destination, bool to16)
    {
        long rows = x.size(0), width = x.size(1);
        var arguments = new ElementwiseKernel.Arguments { Input = x.Data(), Output = destination, Width = width };
        NativeParallel.Rows(rows, width, (Is16(x), to16) switch
        {
            (true, true) => &ElementwiseKernel.Cast<BFloat16Element, BFloat16Element>,
            (true, false) => &ElementwiseKernel.Cast<BFloat16Element, Float32Element>,
            (false, true) => &ElementwiseKernel.Cast<Float32Element, BFloat16Element>,
            (false, false) => &ElementwiseKernel.Cast<Float32Element, Float32Element>,
        }, &arguments);
    }

    private static bool Is16(Tensor tensor) => tensor.dtype == ScalarType.BFloat16;

    private static void* FirstHead(Tensor qkv, HeadRange heads) =>
        (byte*)qkv.Data() + (long)heads.First * heads.Width * (Is16(qkv) ? 2 : 4);
}
