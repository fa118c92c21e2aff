using Grid.Engine.Offline;
using Grid.Engine.Requests;
using Grid.Primitives.Options;
using Grid.TestUtilities;

namespace Grid.Cli.Tests.Processes;

/// <summary>Shards as processes: no hang when one dies or stands still.</summary>
public sealed class ProcessShardsTests
{
    private static readonly string[] Prompts = ["one", "one two three", string.Concat(Enumerable.Repeat("one two ", 20))];
    private static readonly SamplingParams Greedy = new() { Temperature = 0, MaxTokens = 12, IgnoreEos = true };
    private static readonly EngineOptions Options =
        new()
        {
            DType = ModelDType.Float32, CpuThreads = 1, NumGpuBlocksOverride = 64,
            DistributedExecutorBackend = ExecutorBackend.Process
        };

    [Theory]
    [InlineData("-KILL", @"^The engine is dead: .*shard tp1 is gone|Shard tp1 \(process \d+\) is gone")]
    [InlineData("-STOP", @"step \d+ timed out after 2 s: waiting for shard tp1")]
    public void Generate_WhereAShardIsLost_EndsAndNamesIt(string signal, string reason)
    {
        var pids = new PidLog();
        using var llm = new LLM(Fixtures.Own("hf/llama-llama3rope"),
            Options with { TensorParallelSize = 2, CollectiveTimeout = TimeSpan.FromSeconds(2) }, logger: pids);
        llm.Generate(Prompts, Greedy);
        var folder = PidLog.FolderOf(pids.Of("tp0"));
        PidLog.Signal(pids.Of("tp1"), signal);
        var exception = Assert.ThrowsAny<Exception>(() => llm.Generate(Prompts, Greedy));
        Assert.Matches(reason, exception.ToString());
        llm.Dispose();
        Assert.False(Directory.Exists(folder), folder);
    }
}
