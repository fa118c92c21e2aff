using Grid.Engine.Configuration;
using Grid.Engine.Execution;
using Grid.Engine.Loading;
using Grid.Engine.Models.Families;
using Grid.Engine.Models.Files;
using Grid.Engine.Tests.Devices;
using Grid.Engine.Tests.Execution;
using Grid.Engine.Weights.Folders;
using Grid.Primitives.Options;
using Grid.TestUtilities;
using Microsoft.Extensions.Logging.Abstractions;

namespace Grid.Engine.Tests.Loading;

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

    [Fact]
    public void Create_BytesPerBlock_CountsKeysAndValuesOfAllLayers()
    {
        using var narrow = StepDriver.Load(Folder, Options with { DType = ModelDType.BFloat16 });
        using var wide = StepDriver.Load(Folder, Options with { DType = ModelDType.Float32, BlockSize = 32 });
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
            Numerics(Options with { Runner = RunnerKind.Eager }),
            Numerics(Options with { Model = Fixtures.Own("hf/llama-linear-tied") }),
        ];
        Assert.Equal(all.Length, all.Distinct().Count());
        Assert.Equal(all[0], Numerics(Options));
        Assert.Equal(all[1], Numerics(Options with { EnforceEager = true }));
        Assert.Equal(CpuBFloat16.IsComputed, !all.Contains(Numerics(Options with { DType = ModelDType.Float32 })));

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
        ModelConfigReader.Read(Path.Combine(Folder, "config.json")), null, Options with { LoadFormat = LoadFormat.Dummy, Seed = seed },
        null, NullLogger.Instance);

    private sealed class Recorder(List<LoadProgress> seen) : IProgress<LoadProgress>
    {
        public void Report(LoadProgress value) => seen.Add(value);
    }
}
