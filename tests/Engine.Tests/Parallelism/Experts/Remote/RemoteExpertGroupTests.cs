using Grid.Engine.Collectives;
using Grid.Engine.Loading;
using Grid.Engine.Models.Families;
using Grid.Engine.Models.Files;
using Grid.Engine.Parallelism.Experts;
using Grid.Engine.Parallelism.Experts.Remote;
using Grid.Engine.Tests.Execution;
using Grid.Engine.Tests.Models;
using Grid.Engine.Weights.Folders;
using Grid.Primitives.Options;
using Grid.TestUtilities;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Grid.Engine.Tests.Parallelism.Experts.Remote;

/// <summary>Experts at the other end of links: the same bits, whatever breaks, comes late or moves.</summary>
[Collection(nameof(OneThreadAShard))]
public sealed class RemoteExpertGroupTests
{
    private static readonly EngineOptions Options = new() { DType = ModelDType.Float32, CpuThreads = 1, EnableExpertParallel = true };

    [Theory]
    [InlineData("mixtral", 4, "float32")]
    [InlineData("qwen3-moe", 2, "bfloat16")]
    public void Execute_OverLinks_HasTheBitsOfOneDevice(string model, int shards, string type)
    {
        var options = Of(model) with { ExpertParallelSize = shards, DType = EngineChoices.DTypes.Parse(type) };
        using var board = new ExpertSwitchboard(options);
        board.PlaceAll();
        using var experts = board.Connect();
        using var whole =
            new StepDriver(StepDriver.Load(options.Model, options with { EnableExpertParallel = false, ExpertParallelSize = null }), 256);
        using var rank = Rank(options, experts.Group.Connect(0));
        foreach (var (prompt, _) in Goldens.ReadTokens(options.Model))
        {
            var (one, many) = (StepDriver.Start(prompt), StepDriver.Start(prompt));
            Assert.Equal(whole.Prefill(one), rank.Prefill(many, chunk: 30));
            whole.Finish(one);
            rank.Finish(many);
        }

        Assert.Empty(board.Losses);
    }

    [Fact]
    public async Task Connect_BeforeAShardIsThere_TellsOfItsLossAndThatItIsFound()
    {
        var options = Of("qwen3-moe") with { ExpertParallelSize = 2 };
        using var board = new ExpertSwitchboard(options);
        board.Place(0);
        var lost = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        board.Lost = number => lost.TrySetResult(number);
        using var experts = board.Connect();
        Assert.Equal(1, await lost.Task);
        board.Place(1);
        Assert.Equal((1, board.Endpoints[1]), board.Finds.Take(TestContext.Current.CancellationToken));
        Assert.Equal([(1, board.Endpoints[1])], board.Losses);
    }

    [Fact]
    public void Execute_WhereLinksBreak_FindsTheShardsAgainAndLosesNone()
    {
        var options = Of("qwen3-moe") with { ExpertParallelSize = 2 };
        using var board = new ExpertSwitchboard(options);
        board.PlaceAll();
        using var experts = board.Connect();
        using var rank = Rank(options, experts.Group.Connect(0));
        var (prompt, greedy) = Goldens.ReadTokens(options.Model)[2];
        var request = StepDriver.Start(prompt);
        for (var i = 0; i < greedy.Length; i++)
        {
            Assert.Equal(greedy[i], Assert.Single(rank.Greedy(request, 1)).Token);
            board.Cut(i % 2);
        }

        Assert.Empty(board.Losses);
    }

    [Fact]
    public async Task Execute_WhileAShardIsKilled_WaitsForItsNextIncarnationAndGoesOn()
    {
        var options = Of("qwen3-moe") with { ExpertParallelSize = 2 };
        using var board = new ExpertSwitchboard(options);
        board.PlaceAll();
        using var experts = board.Connect();
        var client = experts.Group.Connect(0);
        using var rank = Rank(options, client);
        var (prompt, greedy) = Goldens.ReadTokens(options.Model)[2];
        rank.Prefill(StepDriver.Start(prompt));
        // The first step may have waited for the links.
        var stalls = client.Usage.Stalls;
        var placed = board.PlaceAnewWhereMissed(other: 0, experts);
        board.Kill(1);
        Assert.Equal(greedy, rank.Greedy(StepDriver.Start(prompt), greedy.Length).Select(step => step.Token));
        await placed;
        Assert.Equal([(1, "ep1/1")], board.Losses);
        Assert.Equal(stalls + 1, client.Usage.Stalls);
        Assert.InRange(client.Usage.LongestStall, TimeSpan.FromTicks(1), client.Usage.StallTime);
        Assert.All(Enumerable.Range(0, 2), shard => Assert.True(client.Usage.RowsOf(shard) > 0));
    }

    [Fact]
    public async Task Execute_WhereAShardStaysAway_NamesItWithItsNode()
    {
        var time = new FakeTimeProvider();
        var options = Of("mixtral") with { ExpertParallelSize = 4, CollectiveTimeout = TimeSpan.FromMinutes(2) };
        using var board = new ExpertSwitchboard(options);
        board.PlaceAll();
        using var experts = board.Connect(time: time);
        var client = experts.Group.Connect(0);
        using var rank = Rank(options, client);
        rank.Prefill(StepDriver.Start([.. Enumerable.Range(1, 60)]));
        string? Wait(TimeSpan longerThan) => client.Times.Wait.Describe(longerThan);
        Assert.Null(Wait(TimeSpan.Zero));
        board.Kill(2);
        var step = FakeTimeExtensions.Start(() => rank.Prefill(StepDriver.Start([.. Enumerable.Range(1, 60)])));
        const string Expected = "expert_call at step 2 is waiting for shard ep2 (node-2)";
        Assert.True(SpinWait.SpinUntil(() => Wait(TimeSpan.Zero) == Expected || step.IsCompleted, TimeSpan.FromMinutes(1)));
        Assert.Null(Wait(options.LongWait));
        time.Advance(options.LongWait);
        Assert.Equal(Expected, Wait(options.LongWait));
        await time.AdvanceUntilAsync(step);
        var exception = await Assert.ThrowsAsync<CollectiveException>(() => step);
        Assert.Null(Wait(TimeSpan.Zero));
        Assert.Matches(@"^expert_call at step 2 timed out after 120 s: waiting for shard ep2 \(node-2\)", exception.Message);
    }

    [Fact]
    public async Task Execute_WhereAShardComesLate_WaitsForIt()
    {
        var options = Of("qwen3-moe") with { ExpertParallelSize = 2 };
        using var board = new ExpertSwitchboard(options);
        board.Place(0);
        var lost = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        board.Lost = shard => lost.TrySetResult(shard);
        using var experts = board.Connect();
        using var rank = Rank(options, experts.Group.Connect(0));
        Assert.Equal(1, await lost.Task);
        var late = Task.Run(() => board.Place(1), TestContext.Current.CancellationToken);
        var (prompt, greedy) = Goldens.ReadTokens(options.Model)[1];
        Assert.Equal(greedy, rank.Greedy(StepDriver.Start(prompt), greedy.Length).Select(step => step.Token));
        await late;
        Assert.Equal([(1, "ep1/1")], board.Losses);
    }

    [Fact]
    public async Task Connect_ToAShardOfAnotherEpoch_IsRefused()
    {
        var time = new FakeTimeProvider();
        var options = Of("qwen3-moe") with { ExpertParallelSize = 2 };
        using var ghosts = new ExpertSwitchboard(options, epoch: 8);
        ghosts.PlaceAll();
        var why = new TaskCompletionSource<string>();
        var remote = new RemoteExperts(7, ghosts.Nodes, ghosts.Endpoints, ghosts.Dial, (_, _, reason) => why.TrySetResult(reason));
        using var experts = ExpertShards.Connect(options, remote, NullLogger.Instance, time);
        using var rank = Rank(options, experts.Group.Connect(0));
        await time.ThrowsInTimeAsync<CollectiveException>(() => rank.Prefill(StepDriver.Start([1, 2, 3])));
        Assert.Equal("The frame's epoch must be 7; got 8.", await why.Task);
    }

    [Fact]
    public async Task MoveAsync_OverLinks_LeadsAllRanksAndChangesNoBit()
    {
        var options = Of("qwen2-moe") with
        {
            ExpertParallelSize = 4,
            EnableEplb = true,
            Eplb = new() { NumRedundantExperts = 4, StepInterval = 1_000_000 },
        };
        using var board = new ExpertSwitchboard(options);
        board.PlaceAll();
        using var first = board.Connect();
        using var second = board.Connect();
        var client = first.Group.Connect(0);
        using var one = Rank(options, client);
        using var other = Rank(options, second.Group.Connect(1));
        var (prompt, greedy) = Goldens.ReadTokens(options.Model)[3];
        // The decision counts what the other rank sent too.
        var before = other.Prefill(StepDriver.Start(prompt));
        Assert.Equal(before, one.Prefill(StepDriver.Start(prompt)));
        await client.Rebalancer!.MoveAsync();
        var placement = first.Group.Directory.Placement;
        Assert.True(placement.Holders.Any(layer => layer.Sum(holders => holders.Length) > layer.Length), "no expert has a copy");
        Assert.Equal(greedy, one.Greedy(StepDriver.Start(prompt), greedy.Length).Select(step => step.Token));
        Assert.Equal(greedy, other.Greedy(StepDriver.Start(prompt), greedy.Length).Select(step => step.Token));
        Assert.Equal(placement.Version, second.Group.Directory.Placement.Version);

        // One that is placed anew holds what it held at first, until it is led on.
        board.Kill(2);
        board.PlaceAnew(2, 2);
        first.Update(board.Nodes, board.Endpoints);
        second.Update(board.Nodes, board.Endpoints);
        Assert.Equal(before, other.Prefill(StepDriver.Start(prompt)));
        Assert.Equal(before, one.Prefill(StepDriver.Start(prompt)));
        Assert.Equal(placement.Version, second.Group.Directory.Placement.Version);
    }

    [Fact]
    public async Task Execute_WhereCopiesAreLeft_GoesOnWithoutTheLostShard()
    {
        var options = Of("mixtral") with { ExpertParallelSize = 2 };
        using var board = new ExpertSwitchboard(options);
        board.PlaceAll();
        using var experts = board.Connect();
        using var rank = Rank(options, experts.Group.Connect(0));
        var (prompt, greedy) = Goldens.ReadTokens(options.Model)[2];
        var directory = experts.Group.Directory;
        await board.PlaceAsync(
            new ExpertPlacement([.. directory.Placement.Holders.Select(layer => layer.Select(_ => new[] { 0, 1 }).ToArray())], Version: 1));
        Assert.True(SpinWait.SpinUntil(() => directory.Placement.Version == 1, TimeSpan.FromMinutes(1)),
            "the rank was not led to the copies");
        var request = StepDriver.Start(prompt);
        Assert.Equal(greedy[..4], rank.Greedy(request, 4).Select(step => step.Token));
        board.Kill(1);
        Assert.Equal(greedy[4..], rank.Greedy(request, greedy.Length - 4).Select(step => step.Token));
    }

    [Fact]
    public async Task MoveAsync_WhileRanksServe_ChangesNoBit()
    {
        var options = Of("qwen3-moe")
            with
        { ExpertParallelSize = 2, EnableEplb = true, Eplb = new() { NumRedundantExperts = 2, StepInterval = 3, WindowSize = 3 } };
        using var board = new ExpertSwitchboard(options);
        board.PlaceAll();
        using var first = board.Connect();
        using var second = board.Connect();
        var client = first.Group.Connect(0);
        using var one = Rank(options, client);
        using var other = Rank(options, second.Group.Connect(1));
        // Other prompts have other loads, so experts keep moving.
        var ranks = new[] { one, other }.Select(rank => Task.Run(() =>
        {
            foreach (var (prompt, greedy) in Goldens.ReadTokens(options.Model))
            {
                var request = StepDriver.Start(prompt);
                Assert.Equal(greedy, rank.Greedy(request, greedy.Length).Select(step => step.Token));
                rank.Finish(request);
            }
        }, TestContext.Current.CancellationToken));
        await Task.WhenAll(ranks);
        await client.Rebalancer!.Latest;
        Assert.True(first.Group.Directory.Placement.Version > 1, "experts moved less than twice");
    }

    [Fact]
    public async Task Execute_WhereAShardHasDroppedAnExpert_AsksAgainByTheNewerPlacement()
    {
        var options = Of("mixtral") with { ExpertParallelSize = 2 };
        using var board = new ExpertSwitchboard(options);
        board.PlaceAll();
        using var experts = board.Connect();
        using var rank = Rank(options, experts.Group.Connect(0));
        var (prompt, greedy) = Goldens.ReadTokens(options.Model)[2];
        Assert.Equal(greedy[0], Assert.Single(rank.Greedy(StepDriver.Start(prompt), 1)).Token);

        // The rank believes that the shards have exchanged their experts, which they have not been told.
        var directory = experts.Group.Directory;
        var right = directory.Placement;
        var wrong = Exchanged(right);
        directory.Adopt(wrong);
        var rows = board.RowsOf(0);
        var step = Task.Run(() => rank.Greedy(StepDriver.Start(prompt), greedy.Length).Select(step => step.Token).ToArray(),
            TestContext.Current.CancellationToken);
        Assert.True(SpinWait.SpinUntil(() => board.RowsOf(0) > rows, TimeSpan.FromMinutes(1)), "the wrong shard was not asked");
        await board.PlaceAsync(right with { Version = wrong.Version + 1 });
        Assert.Equal(greedy, await step);
    }

    [Fact]
    public async Task Execute_WhereAShardFails_TellsWhyAtTheDeadline()
    {
        var time = new FakeTimeProvider();
        var options = Of("mixtral") with { ExpertParallelSize = 2, CollectiveTimeout = TimeSpan.FromMinutes(2) };
        using var board = new ExpertSwitchboard(options);
        board.PlaceAll();
        using var experts = board.Connect(time: time);
        using var rank = Rank(options, experts.Group.Connect(0));
        rank.Prefill(StepDriver.Start([1, 2, 3]));
        experts.Group.Directory.Adopt(Exchanged(experts.Group.Directory.Placement));
        var exception = await time.ThrowsInTimeAsync<CollectiveException>(() => rank.Prefill(StepDriver.Start([1, 2, 3])));
        Assert.Matches(@"^expert_call at step 2 timed out after 120 s: waiting for shard ep\d ", exception.Message);
        const string Why = @"\(ep\d \(node-\d\): ep\d does not hold expert \d of layer 0, which step 2 needs\.\)$";
        Assert.Matches(Why, exception.Message);
        Assert.NotNull(exception.InnerException);
    }

    /// <summary>Each of two shards with the other's experts.</summary>
    private static ExpertPlacement Exchanged(ExpertPlacement placement) =>
        new([.. placement.Holders.Select(layer => layer.Select(holders => new[] { 1 - holders[0] }).ToArray())], placement.Version + 1);

    private static EngineOptions Of(string model) => Options with { Model = Fixtures.Own("hf/" + model) };

    private static StepDriver Rank(EngineOptions options, ExpertClient experts)
    {
        var config = ModelConfigReader.Read(Path.Combine(options.Model, "config.json"));
        using var weights = WeightSources.OpenFolder(options.Model, ModelRegistry.Of(config).TensorPrefix);
        return new StepDriver(ModelRunnerFactory.Create(config, weights, options, experts, null, null, NullLogger.Instance), 256);
    }
}
