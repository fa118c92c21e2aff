using Grid.Engine.Loading;
using Grid.Engine.Models.Configuration;
using Grid.Engine.Tests.Execution;
using Grid.Engine.Tests.Models;
using Grid.TestUtilities;

namespace Grid.Engine.Tests.Parallelism;

/// <summary>Every fixture in every layout that its sizes allow: one thread a shard, against the model on one device.</summary>
[Collection(nameof(OneThreadAShard))]
public sealed class ParallelLayoutTests
{
    private const double TensorParallelTolerance = 1e-5;

    public static TheoryData<string, int, int> Layouts()
    {
        var data = new TheoryData<string, int, int>();
        foreach (var folder in Directory.GetDirectories(Fixtures.Own("hf"), "*").Order(StringComparer.Ordinal))
            foreach (var (tensor, pipeline) in ((int, int)[])[(2, 1), (4, 1), (1, 2), (1, 3), (2, 2)])
                data.Add(Path.GetFileName(folder), tensor, pipeline);
        return data;
    }

    [Theory, MemberData(nameof(Layouts))]
    public void Execute_OverShards_AgreesWithOneDevice(string name, int tensor, int pipeline)
    {
        var folder = Fixtures.Own("hf/" + name);
        var options = new EngineOptions { Model = folder, DType = "float32", CpuThreads = 1, TensorParallelSize = tensor, PipelineParallelSize = pipeline };
        if (Refusal(folder, options) is { } refusal)
        {
            Assert.Matches("must (divide or )?be .* parallel size", refusal);
            return;
        }

        using var whole = new StepDriver(StepDriver.Load(folder, options with { TensorParallelSize = 1, PipelineParallelSize = 1 }), 256);
        using var sharded = new StepDriver(StepDriver.Load(folder, options), 256);
        foreach (var (prompt, greedy) in Goldens.ReadTokens(folder))
        {
            var (one, many) = (StepDriver.Start(prompt), StepDriver.Start(prompt));
            var (expected, actual) = (whole.Prefill(one), sharded.Prefill(many, chunk: 50));
            for (var position = 0; position < expected.Length; position++)
                if (tensor == 1) Assert.Equal(expected[position], actual[position]);
                else Assert.True(Goldens.RelativeError(actual[position], expected[position]) < TensorParallelTolerance, $"position {position}");
            Assert.Equal(greedy, sharded.Greedy(StepDriver.Start(prompt), greedy.Length).Select(step => step.Token));
            whole.Finish(one);
            sharded.Finish(many);
        }
    }

    [Theory]
    [InlineData("llama-bias-headdim", 4, 1, "Total number of attention heads (6) must be divisible by tensor parallel size (4).")]
    [InlineData("llama-bias-headdim", 2, 1, "Total number of key/value heads (3) must divide or be divisible by tensor parallel size (2).")]
    [InlineData("llama-v5config", 1, 3, "Number of layers (2) must be at least pipeline parallel size (3).")]
    public void Validate_SizesThatDoNotDivide_SayWhichAndTheRemedy(string name, int tensor, int pipeline, string message)
    {
        var refusal = Refusal(Fixtures.Own("hf/" + name), new EngineOptions { TensorParallelSize = tensor, PipelineParallelSize = pipeline });
        Assert.StartsWith(message, refusal, StringComparison.Ordinal);
        if (tensor > 1) Assert.Contains("--pipeline-parallel-size", refusal, StringComparison.Ordinal);
    }

    private static string? Refusal(string folder, EngineOptions options)
    {
        try
        {
            LayoutValidator.Validate(ModelConfigReader.Read(Path.Combine(folder, "config.json")), options);
            return null;
        }
        catch (ModelLoadException exception)
        {
            return exception.Message;
        }
    }
}
