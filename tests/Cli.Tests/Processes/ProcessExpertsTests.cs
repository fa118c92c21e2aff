using Grid.Engine.Offline;
using Grid.Engine.Requests;
using Grid.Primitives.Options;
using Grid.TestUtilities;

namespace Grid.Cli.Tests.Processes;

/// <summary>Expert shards as processes: the same tokens, also when one of them dies, and no hang when one stands still.</summary>
public sealed class ProcessExpertsTests
{
    private static readonly string[] Prompts = ["one", "one two three", string.Concat(Enumerable.Repeat("one two ", 20))];
    private static readonly SamplingParams Greedy = new() { Temperature = 0, MaxTokens = 12, IgnoreEos = true };
    private static readonly EngineOptions Options = new() { DType = ModelDType.Float32, CpuThreads = 1, NumGpuBlocksOverride = 64 };

    private static readonly EngineOptions Experts = Options
        with
    { DistributedExecutorBackend = ExecutorBackend.Process, EnableExpertParallel = true, ExpertParallelSize = 2 };

    [Fact]
    public void Generate_WhereAnExpertProcessIsKilled_GoesOnWithItsSuccessor()
    {
        var pids = new PidLog();
        // Experts move meanwhile, so the successor has to be led to where they are.
        var options = Experts
            with
        {
            PipelineParallelSize = 2,
            EnableEplb = true,
            Eplb = new() { NumRedundantExperts = 2, StepInterval = 5, WindowSize = 5 }
        };
        using var many = new LLM(Fixtures.Own("hf/mixtral"), options, logger: pids);
        var expected = OnOneDevice("mixtral");
        Assert.Equal(expected, Generate(many));
        var killed = pids.Of("ep1");
        var folder = PidLog.FolderOf(killed);
        PidLog.Signal(killed, "-KILL");
        Assert.Equal(expected, Generate(many));
        Assert.NotEqual(killed, pids.Of("ep1"));
        Assert.True(pids.Moves > 0, "no experts moved");
        many.Dispose();
        Assert.False(Directory.Exists(folder), folder);
    }

    [Fact]
    public void Generate_WhereAnExpertProcessStandsStill_EndsAndNamesIt()
    {
        var pids = new PidLog();
        using var llm = new LLM(Fixtures.Own("hf/qwen3-moe"),
            Experts with { TensorParallelSize = 2, CollectiveTimeout = TimeSpan.FromSeconds(2) }, logger: pids);
        Assert.Equal(OnOneDevice("qwen3-moe"), Generate(llm));
        var stopped = pids.Of("ep1");
        PidLog.Signal(stopped, "-STOP");
        var exception = Assert.ThrowsAny<Exception>(() => Generate(llm));
        Assert.Matches($@"expert_call at step \d+ timed out after 2 s: waiting for shard ep1 \(process {stopped}\)", exception.ToString());
    }

    private static List<string> OnOneDevice(string model)
    {
        using var llm = new LLM(Fixtures.Own("hf/" + model), Options);
        return Generate(llm);
    }

    private static List<string> Generate(LLM llm) =>
        [.. llm.Generate(Prompts, Greedy).Select(output => string.Join(',', output.Outputs[0].TokenIds))];
}
