using Grid.Engine.Geometry;
using static TorchSharp.torch;

namespace Grid.Engine.Kernels;

/// <summary>Plain libtorch operations on any device: the reference on CPU and the path of CUDA. Not batch-invariant.</summary>
internal sealed class TorchKernels(Device device) : IKernels
{
    public Tensor Embed(Tensor table, Tensor ids)
    {
        using var rows = table.index_select(0, ids);
        return rows.to(ScalarType.Float32, copy: true);
    }

    public void Add(Tensor residual, Tensor delta) => residual.add_(delta);

    public Tensor RMSNorm(Tensor residual, Tensor? delta, Tensor weight, float epsilon, ScalarType type)
    {
        using var scope = NewDisposeScope();
        if (delta is not null) residual.add_(delta);
        return Normalise(residual, weight, epsilon).to(type).MoveToOuterDisposeScope();
    }

    public Tensor LayerNorm(Tensor residual, Tensor? delta, Tensor weight, Tensor bias, float epsilon, ScalarType type)
    {
        using var scope = NewDisposeScope();
        if (delta is not null) residual.add_(delta);
        var normalised = nn.functional.layer_norm(residual, [residual.size(1)], weight, bias, epsilon);
        return normalised.to(type).MoveToOuterDisposeScope();
    }

    public void HeadRMSNorm(Tensor qkv, HeadRange heads, Tensor weight, float epsilon)
    {
        using var scope = NewDisposeScope();
        var view = View(qkv, heads);
        view.copy_(Normalise(view.to(ScalarType.Float32), weight, epsilon));
    }

    public void Rotate(Tensor qkv, HeadRange heads, Tensor positions, Tensor cos, Tensor sin)
    {
        using var scope = NewDisposeScope();
        var view = View(qkv, heads);
        var halves = view.to(ScalarType.Float32).chunk(2, -1);
        var c = cos.index_select(0, positions).unsqueeze(1);
        var s = sin.index_select(0, positions).unsqueeze(1);
        view.copy_(cat([halves[0] * c - halves[1] * s, halves[1] * c + halves[0] * s], -1));
    }

    public Tensor SiluAndMul(Tensor gateUp)
    {
        using var scope = NewDisposeScope();
        var halves = gateUp.chunk(2, -1);
        return nn.functional.silu(halves[0]).mul_(halves[1]).MoveToOuterDisposeScope();
    }

    public void Activate(Tensor x, Activation activation)
    {
        using var scope = NewDisposeScope();
        x.copy_(activation switch
        {
            Activation.Relu => nn.functional.relu(x),
            Activation.Silu => nn.functional.silu(x),
            Activation.GeluTanh => x * sigmoid((x + x.pow(3) * 0.044715) * 1.5957691216057308),
            _ => nn.functional.gelu(x),
        });
    }

    public Tensor Cast(Tensor x, ScalarType type) => x.to(type, copy: true);

    public Tensor SelectRows(Tensor x, ReadOnlySpan<int> rows)
    {
        using var indices = Indices(rows);
        return x.index_select(0, indices);
    }

    public void AddWeightedRows(Tensor sum, Tensor x, ReadOnlySpan<int> rows, ReadOnlySpan<float> weights)
    {
        using var scope = NewDisposeScope();
        var factors = tensor(weights.ToArray()).to(device).unsqueeze(1);
        sum.index_add_(0, Indices(rows), x.to(ScalarType.Float32) * factors, 1);
    }

    public void AddGatedRows(Tensor sum, Tensor x, Tensor gate)
    {
        using var scope = NewDisposeScope();
        sum.add_(x.to(ScalarType.Float32) * sigmoid(gate.to(ScalarType.Float32)));
    }

    public unsafe void CopyToHost(Tensor x, Span<float> destination)
    {
        using var scope = NewDisposeScope();
        var host = x.to(ScalarType.Float32).cpu().contiguous();
        new ReadOnlySpan<float>(host.Data(), destination.Length).CopyTo(destination);
    }

    private static Tensor Normalise(Tensor x, Tensor weight, float epsilon) =>
        x * (x.square().mean([-1], keepdim: true) + epsilon).rsqrt_() * weight;

    private static Tensor View(Tensor qkv, HeadRange heads) => qkv.view(qkv.size(0), -1, heads.Width).narrow(1, heads.First, heads.Count);

    private Tensor Indices(ReadOnlySpan<int> rows)
    {
        using var host = tensor(rows.ToArray());
        return host.to(ScalarType.Int64, device);
    }
}
