using Grid.Engine;
using Grid.Engine.Requests;
using Grid.TestUtilities;

namespace Grid.Cli.Tests.Processes;

/// <summary>Shards as processes: the same tokens, and no hang when one dies or stands still.</summary>
public sealed class ProcessShardsTests
{
    private static readonly string[] Prompts = ["one", "one two three", string.Concat(Enumerable.Repeat("one two ", 20))];
    private static readonly SamplingParams Greedy = new() { Temperature = 0, MaxTokens = 12, IgnoreEos = true };
    private static readonly EngineOptions Options = new() { DType = "float32", CpuThreads = 1, NumGpuBlocksOverride = 64, DistributedExecutorBackend = "process" };

    [Theory]
    [InlineData("llama-llama3rope", 2, 2)]
    [InlineData("gpt2", 1, 3)]
    [InlineData("qwen3-moe", 2, 1)]
    public void Generate_OverProcesses_GivesWhatOneDeviceGives(string model, int tensor, int pipeline)
    {
        var expected = Generate(model, Options with { DistributedExecutorBackend = "inprocess" });
        Assert.Equal(expected, Generate(model, Options with { TensorParallelSize = tensor, PipelineParallelSize = pipeline }));
    }

    [Theory]
    [InlineData("-KILL", @"^The engine is dead: .*rank tp1 is gone|Shard tp1 \(process \d+\) is gone")]
    [InlineData("-STOP", @"step \d+ timed out after 2 s: waiting for rank tp1")]
    public void Generate_WhereAShardIsLost_EndsAndNamesIt(string signal, string reason)
    {
        var pids = new PidLog();
        using var llm = new LLM(Fixtures.Own("hf/llama-llama3rope"), Options with { TensorParallelSize = 2, CollectiveTimeout = TimeSpan.FromSeconds(2) }, logger: pids);
        llm.Generate(Prompts, Greedy);
        var folder = PidLog.FolderOf(pids.OfShard(0));
        PidLog.Signal(pids.OfShard(1), signal);
        var exception = Assert.ThrowsAny<Exception>(() => llm.Generate(Prompts, Greedy));
        Assert.Matches(reason, exception.ToString());
        llm.Dispose();
        Assert.False(Directory.Exists(folder), folder);
    }

    private static List<string> Generate(string model, EngineOptions options)
    {
        using var llm = new LLM(Fixtures.Own("hf/" + model), options);
        return [.. llm.Generate(Prompts, Greedy).Select(output => string.Join(',', output.Outputs[0].TokenIds))];
    }
}
