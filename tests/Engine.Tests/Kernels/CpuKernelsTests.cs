using Grid.Engine.Geometry;
using Grid.Engine.Kernels;
using Grid.Engine.Kernels.Cpu;
using static TorchSharp.torch;

namespace Grid.Engine.Tests.Kernels;

/// <summary>The vector kernels against libtorch's own operations, at widths that are no multiple of sixteen too.</summary>
public sealed class CpuKernelsTests
{
    private const int Rows = 37;
    private const float Epsilon = 1e-5f;

    private static readonly IKernels Plain = new TorchKernels(CPU);
    private static readonly IKernels Vector = new CpuKernels();

    public static TheoryData<int, ScalarType> Widths() =>
        new MatrixTheoryData<int, ScalarType>([8, 72, 160, 576], [ScalarType.Float32, ScalarType.BFloat16]);

    [Theory, MemberData(nameof(Widths))]
    public void Norms_AnyWidth_AgreeWithTorch(int width, ScalarType type)
    {
        using var scope = NewDisposeScope();
        Tensor weight = randn(width), bias = randn(width), delta = randn(Rows, width).to(type);
        var residual = randn(Rows, width);
        AssertClose(
            Plain.RMSNorm(residual.clone(), delta, weight, Epsilon, type),
            Vector.RMSNorm(residual.clone(), delta, weight, Epsilon, type));
        Tensor first = residual.clone(), second = residual.clone();
        AssertClose(Plain.LayerNorm(first, delta, weight, bias, Epsilon, type),
            Vector.LayerNorm(second, delta, weight, bias, Epsilon, type));
        AssertClose(first, second);
    }

    [Theory, MemberData(nameof(Widths))]
    public void Activations_AnyWidth_AgreeWithTorch(int width, ScalarType type)
    {
        using var scope = NewDisposeScope();
        var x = (randn(Rows, 2 * width) * 3).to(type);
        AssertClose(Plain.SiluAndMul(x), Vector.SiluAndMul(x));
        foreach (var activation in Enum.GetValues<Activation>())
        {
            Tensor first = x.clone(), second = x.clone();
            Plain.Activate(first, activation);
            Vector.Activate(second, activation);
            AssertClose(first, second);
        }
    }

    [Theory, MemberData(nameof(Widths))]
    public void Rows_SelectedAddedAndCast_AgreeWithTorch(int width, ScalarType type)
    {
        using var scope = NewDisposeScope();
        var x = randn(Rows, width).to(type);
        var gate = randn(Rows, 1).to(type);
        int[] rows = [5, 0, 36];
        float[] weights = [0.5f, 2, -1];
        AssertClose(Plain.SelectRows(x, rows), Vector.SelectRows(x, rows));
        AssertClose(Plain.Embed(x, tensor(new long[] { 3, 3, 36 })), Vector.Embed(x, tensor(new long[] { 3, 3, 36 })));
        AssertClose(Plain.Cast(x, ScalarType.BFloat16), Vector.Cast(x, ScalarType.BFloat16));
        Tensor first = randn(Rows, width), second = first.clone();
        foreach (var (kernels, sum) in new[] { (Plain, first), (Vector, second) })
        {
            using var some = kernels.SelectRows(x, rows);
            kernels.AddWeightedRows(sum, some, rows, weights);
            kernels.AddGatedRows(sum, x, gate);
            kernels.Add(sum, x);
        }
        AssertClose(first, second);
    }

    [Theory]
    [InlineData(8, ScalarType.Float32)]
    [InlineData(24, ScalarType.BFloat16)]
    [InlineData(64, ScalarType.Float32)]
    [InlineData(128, ScalarType.BFloat16)]
    public void Heads_NormedAndRotated_AgreeWithTorch(int headDim, ScalarType type)
    {
        using var scope = NewDisposeScope();
        Tensor first = randn(Rows, 7 * headDim).to(type), second = first.clone();
        Tensor weight = randn(headDim), cos = rand(50, headDim / 2), sin = rand(50, headDim / 2), positions = arange(50 - Rows, 50);
        foreach (var (kernels, qkv) in new[] { (Plain, first), (Vector, second) })
        {
            kernels.HeadRMSNorm(qkv, new HeadRange(1, 3, headDim), weight, Epsilon);
            kernels.Rotate(qkv, new HeadRange(0, 5, headDim), positions, cos, sin);
        }
        AssertClose(first, second);
    }

    [Fact]
    public void Cast_NotANumber_StaysOne()
    {
        using var x = tensor(new[] { float.NaN, float.PositiveInfinity, float.NegativeInfinity, 3.3895314e38f }).view(1, 4);
        using var narrow = Vector.Cast(x, ScalarType.BFloat16);
        var values = new float[4];
        Vector.CopyToHost(narrow, values);
        Assert.Equal([float.NaN, float.PositiveInfinity, float.NegativeInfinity, 3.3895314e38f], values);
    }

    private static void AssertClose(Tensor expected, Tensor actual)
    {
        Assert.Equal(expected.dtype, actual.dtype);
        using var scope = NewDisposeScope();

        // A value of bfloat16 may round to the neighbour, one part in 128 away.
        var tolerance = expected.dtype == ScalarType.BFloat16 ? 1.0 / 64 : 1e-5;
        Tensor left = expected.to(ScalarType.Float32), right = actual.to(ScalarType.Float32);
        var worst = ((left - right).abs() / (left.abs() + 1)).max().item<float>();
        Assert.True(worst < tolerance, $"Values differ by {worst}.");
    }
}
