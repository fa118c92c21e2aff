using Grid.Engine.Configuration;
using Grid.Engine.Geometry;
using Grid.Engine.Kernels.Cpu;
using Grid.Engine.Layers;
using Grid.Engine.Linears;
using Grid.Engine.Weights;
using static TorchSharp.torch;

namespace Grid.Engine.Tests.Layers;

public sealed class ParallelLinearTests
{
    private static readonly ModelConfig Config = new()
    {
        Architecture = "LlamaForCausalLM", ModelType = "llama", VocabSize = 32, HiddenSize = 48, IntermediateSize = 64, NumHiddenLayers = 1,
        NumAttentionHeads = 6, NumKeyValueHeads = 2, HeadDim = 8, MaxPositionEmbeddings = 64, AttentionBias = true,
    };

    [Fact]
    public void QKV_TwoShards_HoldTheHeadsOfTheWhole()
    {
        using var x = randn(5, 48);
        using var whole = Context(TensorSlice.Whole);
        using var expected = QKVParallelLinear.Separate(whole, "q", "k", "v").Forward(x);
        for (var rank = 0; rank < 2; rank++)
        {
            using var context = Context(new TensorSlice(rank, 2));
            using var actual = QKVParallelLinear.Separate(context, "q", "k", "v").Forward(x);
            using var query = expected.narrow(1, rank * 24, 24);
            using var key = expected.narrow(1, 48 + rank * 8, 8);
            using var value = expected.narrow(1, 64 + rank * 8, 8);
            using var joined = cat([query, key, value], 1);
            Assert.True(allclose(joined, actual, 1e-5, 1e-6));
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void RowParallel_TwoShards_AddUpToTheWhole(bool transposed)
    {
        using var x = randn(5, 64);
        using var whole = Context(TensorSlice.Whole);
        using var expected = new RowParallelLinear(whole, "down", 64, 48, "intermediate_size", bias: false, transposed).Forward(x);
        using var sum = zeros(5, 48);
        for (var rank = 0; rank < 2; rank++)
        {
            using var context = Context(new TensorSlice(rank, 2));
            using var part = x.narrow(1, rank * 32, 32).contiguous();
            using var output = new RowParallelLinear(context, "down", 64, 48, "intermediate_size", bias: false, transposed).Forward(part);
            sum.add_(output);
        }
        Assert.True(allclose(expected, sum, 1e-5, 1e-6));
    }

    private static LayerContext Context(TensorSlice slice) => new()
    {
        Config = Config,
        Weights = new WeightLoader(new DummyWeightSource(seed: 7)),
        Kernels = new CpuKernels(),
        Linears = new PackedLinear.Factory(),
        Placement = ShardPlacement.Whole(1) with { TensorSlice = slice },
        Type = ScalarType.Float32,
        Device = CPU,
    };
}
