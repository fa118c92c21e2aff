using Grid.Abstractions.Configuration;
using Grid.Abstractions.Replicas;
using Grid.Engine.Requests;
using Grid.TestUtilities;

namespace Grid.Silo.Tests.Shards;

public sealed class ShardHostTests
{
    [Fact]
    public async Task Apply_Serve_LoadsOnceAndRegistersTheRank()
    {
        await using var bed = new ShardHostBed();
        var plan = ShardHostBed.Plan(7);
        Assert.Equal(ShardState.Loading, bed.Tell(plan, ReplicaTarget.Serve, 1)?.State);
        var report = await bed.WaitAsync(ShardState.Ready);
        var served = Assert.Single(bed.Ranks.Ranks);
        Assert.Equal((RankId.Parse("fake/r0/dp0"), 7L), (served.Id, served.Identity.Epoch));
        Assert.Equal(["fake", "other"], served.Identity.ModelNames);
        Assert.Equal((1L << 30, 1.0), (report.Shards[0].ReservedBytes, report.Shards[0].Progress));
        Assert.Equal((ShardState.Ready, 4096L, "sim"), (report.Ranks[0].State, report.Ranks[0].KVTokens, report.Ranks[0].Numerics));
        Assert.Equal(7, report.MaxEpoch);

        for (var i = 0; i < 3; i++) Assert.Equal(ShardState.Ready, bed.Tell(plan, ReplicaTarget.Serve, 1)?.State);
        Assert.Same(served, Assert.Single(bed.Ranks.Ranks));
    }

    [Fact]
    public async Task Apply_ForAnotherIncarnation_HoldsNothing()
    {
        await using var bed = new ShardHostBed();
        Assert.Null(bed.Tell(ShardHostBed.Plan(7, incarnation: "i0"), ReplicaTarget.Serve, 1));
        Assert.True(bed.Host.IsEmpty);
        Assert.Equal(0, bed.Host.GetReport().MaxEpoch);
    }

    [Fact]
    public async Task Apply_DrainThenServe_TakesRequestsAgain()
    {
        await using var bed = new ShardHostBed();
        var plan = ShardHostBed.Plan(1);
        bed.Tell(plan, ReplicaTarget.Serve, 1);
        await bed.WaitAsync(ShardState.Ready);
        Assert.Equal(ShardState.Draining, bed.Tell(plan, ReplicaTarget.Drain, 2)?.State);
        Assert.False(bed.Ranks.Ranks[0].Accepting);
        Assert.Equal(ShardState.Ready, bed.Tell(plan, ReplicaTarget.Serve, 3)?.State);
        Assert.True(bed.Ranks.Ranks[0].Accepting);
        // Older than what was told last.
        Assert.Equal(ShardState.Ready, bed.Tell(plan, ReplicaTarget.Drain, 2)?.State);
        Assert.True(bed.Ranks.Ranks[0].Accepting);
    }

    [Fact]
    public async Task Apply_Stop_FreesTheRankAndItsMemoryForGood()
    {
        await using var bed = new ShardHostBed();
        var plan = ShardHostBed.Plan(1, bytes: 3L << 30);
        bed.Tell(plan, ReplicaTarget.Serve, 1);
        await bed.WaitAsync(ShardState.Ready);
        var engine = bed.Ranks.Ranks[0].Model.Engine;
        bed.Tell(plan, ReplicaTarget.Stop, 2);
        await bed.WaitAsync(report => report.Shards.Length == 0);
        Assert.Empty(bed.Ranks.Ranks);
        Assert.Throws<Engine.Configuration.EngineDeadException>(
            () => engine.Submit([new EngineRequest { Id = "x", PromptTokenIds = [1], Sampling = new() { Seed = 1, MaxTokens = 1 } }]));
        Assert.Null(bed.Tell(plan, ReplicaTarget.Serve, 1));
        Assert.True(bed.Host.IsEmpty);

        bed.Tell(ShardHostBed.Plan(2, bytes: 3L << 30), ReplicaTarget.Serve, 3);
        await bed.WaitAsync(ShardState.Ready);
    }

    [Fact]
    public async Task Apply_StopWhileLoading_EndsTheLoad()
    {
        await using var bed = new ShardHostBed();
        var plan = ShardHostBed.Plan(1, new SimSpec(LoadSeconds: 3600));
        bed.Tell(plan, ReplicaTarget.Serve, 1);
        bed.Tell(plan, ReplicaTarget.Stop, 2);
        bed.Tell(ShardHostBed.Plan(2, index: 1), ReplicaTarget.Serve, 3);
        await bed.WaitAsync(report => report.Shards.Any(shard => shard is { Replica: { Index: 1 }, State: ShardState.Ready }));
        await bed.WaitAsync(report => report.Shards is [{ Replica: { Index: 1 } }]);
    }

    [Fact]
    public async Task Apply_ServeOfHigherEpoch_LoadsWhenTheOldOneIsGone()
    {
        await using var bed = new ShardHostBed();
        bed.Tell(ShardHostBed.Plan(1, bytes: 3L << 30), ReplicaTarget.Serve, 1);
        await bed.WaitAsync(ShardState.Ready);
        bed.Tell(ShardHostBed.Plan(2, bytes: 3L << 30), ReplicaTarget.Serve, 1);
        await bed.WaitAsync(report => report.Shards is [{ Epoch: 2, State: ShardState.Ready }]);
        Assert.Equal(2, Assert.Single(bed.Ranks.Ranks).Identity.Epoch);
    }

    [Fact]
    public async Task Apply_ServeOfMissingFiles_FailsWithReasonUntilStopped()
    {
        await using var bed = new ShardHostBed();
        var plan = ShardHostBed.Plan(1, source: "/no/such/model");
        bed.Tell(plan, ReplicaTarget.Serve, 1);
        var report = await bed.WaitAsync(ShardState.Failed);
        Assert.Equal("NotFound", report.Shards[0].Reason);
        Assert.Contains("/no/such/model", report.Shards[0].Message, StringComparison.Ordinal);
        Assert.Empty(report.Ranks);
        bed.Tell(plan, ReplicaTarget.Stop, 2);
        await bed.WaitAsync(report => report.Shards.Length == 0);
    }

    [Fact]
    public async Task Apply_ServeBeyondTheDevice_FailsWithNumbers()
    {
        await using var bed = new ShardHostBed();
        bed.Tell(ShardHostBed.Plan(1, bytes: 3L << 30), ReplicaTarget.Serve, 1);
        await bed.WaitAsync(ShardState.Ready);
        bed.Tell(ShardHostBed.Plan(2, bytes: 2L << 30, index: 1), ReplicaTarget.Serve, 1);
        var report = await bed.WaitAsync(report => report.Shards.Any(shard => shard.State == ShardState.Failed));
        var failed = report.Shards.Single(shard => shard.State == ShardState.Failed);
        Assert.Equal("DoesNotFit", failed.Reason);
        Assert.Equal("fake/r1@2/dp0/pp0/tp0 needs 2 GiB of sim:0, which has 4 GiB, of which 3 GiB are reserved.", failed.Message);
    }

    [Fact]
    public async Task Apply_StopWithStreams_HandsThemOverAtTheDeadline()
    {
        await using var bed = new ShardHostBed();
        var plan = ShardHostBed.Plan(1);
        bed.Tell(plan, ReplicaTarget.Serve, 1);
        await bed.WaitAsync(ShardState.Ready);
        var stream = bed.Ranks.Ranks[0].Requests.TryEnter()!;
        bed.Tell(plan, ReplicaTarget.Stop, 2, TimeProvider.System.GetUtcNow() + TimeSpan.FromHours(1));
        Assert.False(stream.Cut.IsCancellationRequested);
        Assert.Equal(1, bed.Host.GetReport().Ranks[0].Streams);
        // The deadline is moved to now.
        bed.Tell(plan, ReplicaTarget.Stop, 3, TimeProvider.System.GetUtcNow());
        var cut = new TaskCompletionSource();
        await using var registration = stream.Cut.Register(cut.SetResult);
        await cut.Task.WaitAsync(TestContext.Current.CancellationToken);
        Assert.False(bed.Host.IsEmpty);
        stream.Dispose();
        await bed.WaitAsync(report => report.Shards.Length == 0);
    }

    [Fact]
    public async Task Apply_RandomDirectives_EndWithNothingHeld()
    {
        var seed = Environment.TickCount;
        TestContext.Current.TestOutputHelper!.WriteLine($"seed {seed}");
        var random = new Random(seed);
        await using var bed = new ShardHostBed();
        for (var sequence = 1; sequence <= 200; sequence++)
        {
            var plan = ShardHostBed.Plan(1 + random.Next(sequence), index: random.Next(3));
            var late = Math.Max(1, sequence - random.Next(3));
            bed.Tell(plan, (ReplicaTarget)random.Next(3), late);
            Assert.True(bed.Host.GetReport().Shards.Length <= 6, $"seed {seed}");
        }

        for (var index = 0; index < 3; index++) bed.Tell(ShardHostBed.Plan(1000, index: index), ReplicaTarget.Stop, 1000);
        await bed.WaitAsync(report => report.Shards.Length == 0);
        Assert.Empty(bed.Ranks.Ranks);
        Assert.Equal(1000, bed.Host.GetReport().MaxEpoch);
        bed.Tell(ShardHostBed.Plan(1001, bytes: 4L << 30), ReplicaTarget.Serve, 1);
        await bed.WaitAsync(ShardState.Ready);
    }

    [Fact]
    public async Task Apply_ServeOfARealModel_KeepsItsKVCacheToTheReservation()
    {
        var source = Fixtures.Model("guide");
        await using var bed = new ShardHostBed("cpu:1GiB");
        Assert.True(await bed.Host.Sources.LookAsync([source]));
        var files = Assert.Single(bed.Host.GetReport().Files);
        var plan = ShardHostBed.Plan(1, source: source, bytes: files.WeightsBytes + 2048 * files.KVBytesPerToken, device: "cpu");
        bed.Tell(plan, ReplicaTarget.Serve, 1);
        var report = await bed.WaitAsync(ShardState.Ready);
        Assert.Equal((1024, 2048L), (report.Ranks[0].MaxModelLen, report.Ranks[0].KVTokens));
    }
}
