using Grid.Engine.Configuration;
using Grid.Engine.Devices;
using Grid.Engine.Execution;
using Grid.Engine.Loading;
using Grid.Engine.Serving;
using Grid.Engine.Simulation;
using Grid.Primitives.Options;

namespace Grid.Engine.Tests.Loading;

public sealed class KVCacheSizingTests
{
    private const long GiB = 1L << 30;

    private static readonly EngineOptions Options = new() { Model = "m" };
    private static readonly ModelRunnerInfo Runner =
        new(1000, BlockSize: 16, BytesPerBlock: 1 << 20, KVCacheBytes: null, "test")
        {
            KVBlock = SimulatedKVCache.LayoutOf(16), MaxModelLen = 1024,
        };
    private static readonly HostMemory Host = new(8 * GiB, null);

    [Fact]
    public void Decide_NothingSaid_TakesAQuarterOfFreeMemory() => Assert.Equal(2048, Decide(Options).NumBlocks);

    [Fact]
    public void Decide_MuchMemory_TakesFourGiB() => Assert.Equal(4096, Decide(Options, Host with { FreeBytes = 100 * GiB }).NumBlocks);

    [Fact]
    public void Decide_SeveralRanks_DividesTheDefault() =>
        Assert.Equal(512, Decide(Options with { TensorParallelSize = 2, DataParallelSize = 2 }).NumBlocks);

    [Fact]
    public void Decide_FewSequences_TakesNoMoreThanTheyCanUse() =>
        Assert.Equal(2 * 64, Decide(Options with { MaxNumSeqs = 2, MaxModelLen = 1024 }, Host with { FreeBytes = 100 * GiB }).NumBlocks);

    [Fact]
    public void Decide_Environment_TakesItsGiB() => Assert.Equal(1536, Decide(Options, Host with { CpuKVCacheSpace = "1.5" }).NumBlocks);

    [Theory]
    [InlineData("much")]
    [InlineData("-1")]
    [InlineData("NaN")]
    public void Decide_EnvironmentIsNoSize_NamesIt(string value)
    {
        var exception = Assert.Throws<ModelLoadException>(() => Decide(Options, Host with { CpuKVCacheSpace = value }));
        Assert.Equal(ModelLoadFault.Layout, exception.Kind);
        Assert.Contains("VLLM_CPU_KVCACHE_SPACE", exception.Message);
        Assert.Contains(value, exception.Message);
    }

    [Fact]
    public void Decide_RunnerStatesItsMemory_TakesIt() =>
        Assert.Equal(100,
        KVCacheSizing.Decide(Runner with { KVCacheBytes = 100 << 20 }, Options, Host with { CpuKVCacheSpace = "1" }).NumBlocks);

    [Fact]
    public void Decide_BytesGiven_TakesThem() =>
        Assert.Equal(70, Decide(Options with { KVCacheMemoryBytes = 70 << 20 }, Host with { CpuKVCacheSpace = "1" }).NumBlocks);

    [Fact]
    public void Decide_BlocksGiven_TakesThem() =>
        Assert.Equal(65, Decide(Options with { NumGpuBlocksOverride = 65, KVCacheMemoryBytes = 70 << 20 }).NumBlocks);

    [Fact]
    public void Decide_TooSmall_StatesNeedRoomAndLongestLength()
    {
        var exception = Assert.Throws<ModelLoadException>(() => Decide(Options with { NumGpuBlocksOverride = 63 }));

        Assert.Equal(ModelLoadFault.DoesNotFit, exception.Kind);
        Assert.Contains("(1024 tokens) needs 0.06 GiB of KV cache (64 blocks)", exception.Message);
        Assert.Contains("(63 blocks)", exception.Message);
        Assert.Contains("longest length that fits is 1008 tokens", exception.Message);
    }

    [Fact]
    public void Decide_ExactlyOneRequestFits_Accepts() => Assert.Equal(new(64, 1024), Decide(Options with { NumGpuBlocksOverride = 64 }));

    [Fact]
    public void Decide_NoBlockFits_SaysSo()
    {
        var exception = Assert.Throws<ModelLoadException>(() => Decide(Options with { KVCacheMemoryBytes = 5, MaxModelLen = -1 }));
        Assert.Equal(ModelLoadFault.DoesNotFit, exception.Kind);
        Assert.Contains("Not even one block fits", exception.Message);
    }

    [Theory]
    [InlineData(10, 160)]
    [InlineData(100, 1024)]
    public void Decide_AutoFit_TakesTheLongestThatFits(int blocks, int expected) =>
        Assert.Equal(expected, Decide(Options with { NumGpuBlocksOverride = blocks, MaxModelLen = -1 }).MaxModelLen);

    [Fact]
    public void Decide_LongerThanTheModel_NamesTheFlag()
    {
        var exception = Assert.Throws<ModelLoadException>(() => Decide(Options with { MaxModelLen = 1025 }));
        Assert.Equal(ModelLoadFault.Layout, exception.Kind);
        Assert.Contains("--max-model-len must be at most 1024", exception.Message);
        Assert.EndsWith("got 1025.", exception.Message);
    }

    [Theory]
    [InlineData(1, 1.0)]
    [InlineData(1.5, 1.5)]
    [InlineData(4, 4.0)]
    public void MaxConcurrency_TimesTheBlocksOfOneRequest_IsExact(double times, double expected)
    {
        var info = new EngineInfo(1000, 40_960, 16, (int)(40_960 / 16 * times), "test");
        Assert.Equal(expected, info.MaxConcurrency);
        Assert.Equal((long)(40_960 * times), info.KVCacheTokens);
    }

    private static KVCacheSizing Decide(EngineOptions options, HostMemory? host = null) =>
        KVCacheSizing.Decide(Runner, options, host ?? Host);
}
