using System.Text.Json;
using Grid.Primitives.Options;

namespace Grid.Primitives.Tests.Options;

public sealed class EngineOptionTableTests
{
    // What is no option: the model and where it is placed.
    private static readonly string[] Others =
        [nameof(EngineOptions.Model), nameof(EngineOptions.Devices), nameof(EngineOptions.PrefaultKVCache)];

    private static IEnumerable<EngineOption> Rows => EngineOptionTable.Rows.Where(row => !row.IsPlanned);

    [Fact]
    public void Rows_Names_AreUniqueAndSpelledAsFlagsAndKeys()
    {
        Assert.Equal(EngineOptionTable.Rows.Count, EngineOptionTable.Rows.Select(row => row.Name).Distinct().Count());
        var row = EngineOptionTable.Row("kv-cache-memory-bytes");
        Assert.Equal(("--kv-cache-memory-bytes", "kvCacheMemoryBytes"), (row.Flag, row.Key));
        Assert.All(EngineOptionTable.Rows, row => Assert.Same(row, EngineOptionTable.Find(row.Key)));
    }

    [Fact]
    public void Rows_Properties_AreAllOfTheOptions()
    {
        var properties = typeof(EngineOptions).GetProperties().Where(property => property.CanWrite).Select(property => property.Name)
            .Except(Others);
        Assert.Equal(properties.Count(), Rows.Count());
    }

    [Fact]
    public void Rows_Defaults_AreThoseOfTheOptions()
    {
        foreach (var row in Rows.Where(row => row.Default is not null))
        {
            Assert.True(row.TrySet(new EngineOptions(), row.Default!, out var options), row.Name);
            Assert.Equal(new EngineOptions(), options);
        }
    }

    [Fact]
    public void Rows_Help_IsALineWithoutAFullStop() => Assert.All(Rows, row =>
    {
        Assert.False(row.Help.EndsWith('.'), row.Name);
        Assert.InRange(row.Help.Length, 5, 120);
        Assert.True(char.IsAsciiLetterUpper(row.Help[0]), row.Name);
    });

    [Fact]
    public void ReadAndWrite_EveryOption_GivesTheSameOptions()
    {
        var options = Sample();

        var (read, faults) = EngineOptionTable.Read(new EngineOptions(), EngineOptionTable.Write(options), "");

        Assert.Empty(faults);
        Assert.Equal(options, read);
    }

    [Fact]
    public void Read_SeveralFaults_ReportsAllAndKeepsTheRest()
    {
        var values = new Dictionary<string, string> { ["maxNumSeqs"] = "0", ["maxModelLen"] = "4k", ["nothing"] = "1", ["dtype"] = "int4" };

        var (options, faults) = EngineOptionTable.Read(new EngineOptions(), values, "models.m.engine.");

        Assert.Equal(4096, options.MaxModelLen);
        Assert.Equal(
            [
                "models.m.engine.maxNumSeqs must be a whole number from 1 to 65536; got '0'.",
                "models.m.engine.nothing must be a known option; got 'nothing'.",
                "models.m.engine.dtype must be one of auto, float32, bfloat16, float16; got 'int4'.",
            ],
            faults);
    }

    [Fact]
    public void Json_OfOptions_ReadsBack() =>
        Assert.Equal(Sample(), JsonSerializer.Deserialize<EngineOptions>(JsonSerializer.Serialize(Sample())));

    private static EngineOptions Sample() => new()
    {
        DType = ModelDType.BFloat16,
        MaxModelLen = -1,
        Tokenizer = "/t",
        Revision = "r",
        LoadFormat = LoadFormat.Dummy,
        Seed = long.MinValue,
        ChatTemplate = "/c.jinja",
        GenerationConfig = "vllm",
        MaxNumSeqs = 3,
        EnablePrefixCaching = false,
        SchedulingPolicy = SchedulingPolicy.Priority,
        MaxLogprobs = -1,
        GpuMemoryUtilization = 0.5,
        NumGpuBlocksOverride = 7,
        KVCacheMemoryBytes = 2L << 30,
        Runner = RunnerKind.Eager,
        EnforceEager = true,
        CpuThreads = 2,
        EnableExpertParallel = true,
        ExpertPlacementStrategy = ExpertPlacementStrategy.RoundRobin,
        EnableEplb = true,
        Eplb = new EplbOptions { WindowSize = 5, NumRedundantExperts = 2 },
        CollectiveTimeout = TimeSpan.FromMilliseconds(1500),
    };
}
