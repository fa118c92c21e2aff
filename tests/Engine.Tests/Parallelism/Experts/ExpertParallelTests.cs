using Grid.Engine.Collectives;
using Grid.Engine.Loading;
using Grid.Engine.Models.Families;
using Grid.Engine.Models.Files;
using Grid.Engine.Offline;
using Grid.Engine.Parallelism.Experts;
using Grid.Engine.Tests.Execution;
using Grid.Engine.Tests.Models;
using Grid.Engine.Weights;
using Grid.Engine.Weights.Folders;
using Grid.Primitives.Options;
using Grid.TestUtilities;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Grid.Engine.Tests.Parallelism.Experts;

/// <summary>Experts on shards of their own: the same bits wherever they stand, whatever moves or dies.</summary>
[Collection(nameof(OneThreadAShard))]
public sealed class ExpertParallelTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
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
        using var replica = Replica.Load(model,
            Options with { ExpertParallelSize = shards, ExpertPlacementStrategy = EngineChoices.ExpertPlacements.Parse(strategy) });
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
        replica.Experts.Shards[1].Dispose();
        var successor = Task.Run(() => replica.RestartAsync(1), TestContext.Current.CancellationToken);
        Assert.Equal(greedy, replica.Sharded.Greedy(StepDriver.Start(prompt), greedy.Length).Select(step => step.Token));
        await successor;
    }

    [Fact]
    public async Task Execute_WhereAShardStaysLost_NamesIt()
    {
        var time = new FakeTimeProvider();
        var options = Options with { ExpertParallelSize = 4, CollectiveTimeout = TimeSpan.FromMinutes(2) };
        using var replica = Replica.Load("mixtral", options, time);
        replica.Experts.Shards[2].Dispose();
        var step = FakeTimeExtensions.Start(() => replica.Sharded.Prefill(StepDriver.Start([.. Enumerable.Range(1, 60)])));
        // The others have answered by then.
        Assert.True(SpinWait.SpinUntil(() => replica.Client.Times.Wait.Describe(TimeSpan.Zero)?.EndsWith("ep2") == true, Patience));
        await time.AdvanceUntilAsync(step);
        var exception = await Assert.ThrowsAsync<CollectiveException>(() => step);
        Assert.Matches(@"^expert_call at step \d+ timed out after 120 s: waiting for shard ep2$", exception.Message);
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
        private ExpertShardWorker? _successor;

        public required string Folder { get; init; }

        public required LocalExpertGroup Experts { get; init; }

        public required ExpertClient Client { get; init; }

        public required Func<int, ExpertShardWorker> Start { get; init; }

        public required StepDriver Whole { get; init; }

        public required StepDriver Sharded { get; init; }

        public static Replica Load(string model, EngineOptions options, TimeProvider? time = null)
        {
            var folder = Fixtures.Own("hf/" + model);
            options = options with { Model = folder };
            var config = ModelConfigReader.Read(Path.Combine(folder, "config.json"));
            IWeightSource Open() => WeightSources.OpenFolder(folder, ModelRegistry.Of(config).TensorPrefix);
            var experts = LocalExpertGroup.Start(config, Open, options, NullLogger.Instance, time)!;
            var client = experts.Connect(0);
            using var weights = WeightSources.OpenFolder(folder, ModelRegistry.Of(config).TensorPrefix);
            return new Replica
            {
                Folder = folder,
                Experts = experts,
                Client = client,
                Start = shard => new ExpertLoader(config, Open, options, NullLogger.Instance).Start(shard, experts.Directory.Placement),
                Whole = new StepDriver(StepDriver.Load(folder, options with { EnableExpertParallel = false, ExpertParallelSize = null }),
                    256),
                Sharded = new StepDriver(
                    ModelRunnerFactory.Create(config, weights, options, client, null, null, NullLogger.Instance, time), 256),
            };
        }

        /// <summary>Puts another incarnation in a shard's place.</summary>
        public async Task RestartAsync(int shard)
        {
            _successor = Start(shard);
            await _successor.Loaded;
            Experts.Directory.Replace(shard, _successor);
        }

        public void Dispose()
        {
            Whole.Dispose();
            Sharded.Dispose();
            _successor?.Dispose();
            Experts.Dispose();
        }
    }
}
