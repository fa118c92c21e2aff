using Grid.Engine.Execution;
using Grid.Engine.Models.Families;
using Grid.Engine.Models.Files;
using Grid.Engine.Parallelism.Collectives;
using Grid.Engine.Parallelism.Experts;
using Grid.Engine.Tests.Execution;
using Grid.Engine.Tests.Models;
using Grid.Engine.Weights.Folders;
using Grid.Primitives.Options;
using Grid.TestUtilities;
using Microsoft.Extensions.Logging.Abstractions;

namespace Grid.Engine.Tests.Parallelism.Experts;

/// <summary>Experts on shards of their own: the same bits wherever they stand, whatever moves or dies.</summary>
[Collection(nameof(OneThreadAShard))]
public sealed class ExpertParallelTests
{
    private static readonly EngineOptions Options = new() { DType = ModelDType.Float32, CpuThreads = 1, EnableExpertParallel = true };

    public static TheoryData<string, int, string> Layouts()
    {
        var data = new TheoryData<string, int, string>();
        foreach (var model in (string[])["mixtral", "qwen2-moe", "qwen3-moe"])
            foreach (var (shards, strategy) in ((int, string)[])[(2, "linear"), (4, "round_robin")])
                data.Add(model, shards, strategy);
        return data;
    }

    [Theory, MemberData(nameof(Layouts))]
    public void Execute_WithExpertShards_HasTheBitsOfOneDevice(string model, int shards, string strategy)
    {
        using var replica = Replica.Load(model, Options with { ExpertParallelSize = shards, ExpertPlacementStrategy = EngineChoices.ExpertPlacements.Parse(strategy) });
        foreach (var (prompt, greedy) in Goldens.ReadTokens(replica.Folder))
        {
            var (one, many) = (StepDriver.Start(prompt), StepDriver.Start(prompt));
            Assert.Equal(replica.Whole.Prefill(one), replica.Sharded.Prefill(many, chunk: 30));
            replica.Whole.Finish(one);
            replica.Sharded.Finish(many);
            Assert.Equal(greedy, replica.Sharded.Greedy(StepDriver.Start(prompt), greedy.Length).Select(step => step.Token));
        }
    }

    [Fact]
    public async Task Execute_WhileAShardIsLost_WaitsForItsSuccessorAndGoesOn()
    {
        using var replica = Replica.Load("qwen3-moe", Options with { ExpertParallelSize = 2 });
        var (prompt, greedy) = Goldens.ReadTokens(replica.Folder)[2];
        replica.Experts.Kill(1);
        var successor = Task.Run(() => replica.Experts.Restart(1), TestContext.Current.CancellationToken);
        Assert.Equal(greedy, replica.Sharded.Greedy(StepDriver.Start(prompt), greedy.Length).Select(step => step.Token));
        await successor;
    }

    [Fact]
    public void Execute_WhereAShardStaysLost_NamesIt()
    {
        using var replica = Replica.Load("mixtral", Options with { ExpertParallelSize = 4, CollectiveTimeout = TimeSpan.FromSeconds(2) });
        replica.Experts.Kill(2);
        var exception = Assert.Throws<CollectiveException>(() => replica.Sharded.Prefill(StepDriver.Start([.. Enumerable.Range(1, 60)])));
        Assert.Matches(@"^expert_call step \d+ timed out after 2 s: waiting for rank ep2$", exception.Message);
    }

    [Fact]
    public async Task MoveAsync_BetweenSteps_CopiesHotExpertsAndChangesNoBit()
    {
        var eplb = new EplbOptions { NumRedundantExperts = 4, StepInterval = 1_000_000 };
        using var replica = Replica.Load("qwen2-moe", Options with { ExpertParallelSize = 4, EnableEplb = true, Eplb = eplb });
        var (prompt, greedy) = Goldens.ReadTokens(replica.Folder)[3];
        var before = replica.Sharded.Prefill(StepDriver.Start(prompt));
        await replica.Experts.Rebalancer!.MoveAsync();
        var holders = replica.Experts.Directory.Placement.Holders[0];
        Assert.True(holders.Sum(shards => shards.Length) > holders.Length, "no expert has a copy");
        Assert.Equal(before, replica.Sharded.Prefill(StepDriver.Start(prompt)));
        Assert.Equal(greedy, replica.Sharded.Greedy(StepDriver.Start(prompt), greedy.Length).Select(step => step.Token));
    }

    [Fact]
    public void Generate_TwoRanksOverTwoExpertShards_GivesWhatOneDeviceGives()
    {
        string[] prompts = [.. Enumerable.Range(1, 8).Select(n => string.Concat(Enumerable.Repeat("one two ", n)))];
        var sampling = new Grid.Engine.Requests.SamplingParams { Temperature = 0.7, Seed = 3, N = 2, MaxTokens = 12, IgnoreEos = true };
        Assert.Equal(Run(new() { DType = ModelDType.Float32, CpuThreads = 1, NumGpuBlocksOverride = 64 }),
            Run(Options with { NumGpuBlocksOverride = 64, DataParallelSize = 2, ExpertParallelSize = 2 }));

        List<string> Run(EngineOptions options)
        {
            using var llm = new LLM(Fixtures.Own("hf/qwen3-moe"), options);
            return [.. llm.Generate(prompts, sampling).SelectMany(output => output.Outputs).Select(output => output.Text)];
        }
    }

    private sealed class Replica : IDisposable
    {
        public required string Folder { get; init; }

        public required ExpertGroup Experts { get; init; }

        public required StepDriver Whole { get; init; }

        public required StepDriver Sharded { get; init; }

        public static Replica Load(string model, EngineOptions options)
        {
            var folder = Fixtures.Own("hf/" + model);
            options = options with { Model = folder };
            var config = ModelConfigReader.Read(Path.Combine(folder, "config.json"));
            var experts = ExpertGroup.Start(config, () => WeightSources.OpenFolder(folder, ModelRegistry.Of(config).TensorPrefix), options, NullLogger.Instance)!;
            using var weights = WeightSources.OpenFolder(folder, ModelRegistry.Of(config).TensorPrefix);
            return new Replica
            {
                Folder = folder,
                Experts = experts,
                Whole = new StepDriver(StepDriver.Load(folder, options with { EnableExpertParallel = false, ExpertParallelSize = null }), 256),
                Sharded = new StepDriver(ModelRunnerFactory.Create(config, weights, options, experts.Connect(0), null, null, NullLogger.Instance), 256),
            };
        }

        public void Dispose()
        {
            Whole.Dispose();
            Sharded.Dispose();
            Experts.Dispose();
        }
    }
}
