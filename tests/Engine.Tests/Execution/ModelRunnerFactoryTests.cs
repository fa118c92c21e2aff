using Grid.Engine.Execution;
using Grid.Engine.Models.Families;
using Grid.Engine.Models.Files;
using Grid.Engine.Weights.Folders;
using Grid.TestUtilities;
using Microsoft.Extensions.Logging.Abstractions;

namespace Grid.Engine.Tests.Execution;

public sealed class ModelRunnerFactoryTests
{
    private static readonly string Folder = Fixtures.Own("hf/llama-bf16");

    private static readonly EngineOptions Options = new() { Model = Folder };

    [Fact]
    public void Create_Dummy_GivesTheSameLogitsForTheSameSeed()
    {
        var first = FirstLogits(1);
        Assert.Equal(first, FirstLogits(1));
        Assert.NotEqual(first, FirstLogits(2));
        Assert.All(first, logit => Assert.True(float.IsFinite(logit)));

        static float[] FirstLogits(long seed)
        {
            using var driver = new StepDriver(CreateDummy(seed), numBlocks: 4);
            return driver.Prefill(StepDriver.Start([1, 2, 3]))[^1];
        }
    }

    [Theory]
    [InlineData("fast", "none", "--runner fast is not supported yet")]
    [InlineData("auto", "int8", "--quantization int8 is not supported yet")]
    [InlineData("quick", "none", "--runner must be auto or eager")]
    public void Create_NotSupported_NamesTheFlag(string runner, string quantization, string message)
    {
        var error = Assert.Throws<ModelLoadException>(() => StepDriver.Load(Folder, Options with { Runner = runner, Quantization = quantization }));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.Equal(ModelLoadFault.Layout, error.Kind);
    }

    [Theory]
    [InlineData("tpu:0")]
    [InlineData("cuda:x")]
    public void Create_UnknownDevice_NamesIt(string device)
    {
        var error = Assert.Throws<ModelLoadException>(() => StepDriver.Load(Folder, Options with { Device = device }));
        Assert.Contains(device, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Create_BytesPerBlock_CountsKeysAndValuesOfAllLayers()
    {
        using var narrow = StepDriver.Load(Folder, Options with { DType = "bfloat16" });
        using var wide = StepDriver.Load(Folder, Options with { DType = "float32", BlockSize = 32 });
        Assert.Equal(2 * 16 * 2 * 8 * (CpuBFloat16.IsComputed ? 2 : 4) * 3, narrow.Info.BytesPerBlock);
        Assert.Equal(2 * 32 * 2 * 8 * 4 * 3, wide.Info.BytesPerBlock);
        Assert.Null(narrow.Info.KVCacheBytes);
    }

    [Fact]
    public void Create_Numerics_FollowWeightsTypeAndRunner()
    {
        string[] all =
        [
            Numerics(Options),
            Numerics(Options with { Runner = "eager" }),
            Numerics(Options with { Model = Fixtures.Own("hf/llama-linear-tied") }),
        ];
        Assert.Equal(all.Length, all.Distinct().Count());
        Assert.Equal(all[0], Numerics(Options));
        Assert.Equal(CpuBFloat16.IsComputed, !all.Contains(Numerics(Options with { DType = "float32" })));

        static string Numerics(EngineOptions options)
        {
            using var runner = StepDriver.Load(options.Model, options);
            return runner.Info.Numerics;
        }
    }

    [Fact]
    public void Create_Progress_EndsAtTheTotal()
    {
        var config = ModelConfigReader.Read(Path.Combine(Folder, "config.json"));
        using var weights = WeightSources.OpenFolder(Folder, ModelRegistry.Of(config).TensorPrefix);
        var seen = new List<LoadProgress>();
        using var runner = ModelRunnerFactory.Create(config, weights, Options, new Recorder(seen), NullLogger.Instance);
        Assert.True(seen.Zip(seen.Skip(1)).All(pair => pair.First.Done <= pair.Second.Done));
        Assert.Equal(weights.TotalBytes, seen[^1].Total);
        Assert.Equal(seen[^1].Total, seen[^1].Done);
    }

    [Fact]
    public void Execute_TokenBeyondTheVocabulary_Throws()
    {
        using var driver = new StepDriver(Folder);
        Assert.Throws<ArgumentOutOfRangeException>(() => driver.Prefill(StepDriver.Start([320])));
    }

    private static IModelRunner CreateDummy(long seed) => ModelRunnerFactory.Create(
        ModelConfigReader.Read(Path.Combine(Folder, "config.json")), null, Options with { LoadFormat = "dummy", Seed = seed }, null, NullLogger.Instance);

    private sealed class Recorder(List<LoadProgress> seen) : IProgress<LoadProgress>
    {
        public void Report(LoadProgress value) => seen.Add(value);
    }
}
