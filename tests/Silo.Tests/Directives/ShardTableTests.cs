using Grid.Abstractions.Configuration;
using Grid.Abstractions.Replicas;
using Grid.Grains.Records;
using Grid.Silo.Directives;

namespace Grid.Silo.Tests.Directives;

public sealed class ShardTableTests
{
    private static readonly ShardId Shard = ShardId.Parse("dp0/pp0/tp0");
    private readonly ShardTable _table = new();

    [Fact]
    public void Apply_Serve_LoadsOnce()
    {
        Assert.Equal(ShardIntentKind.Load, Assert.Single(_table.Apply(Directive(1, 1))).Kind);
        Assert.Empty(_table.Apply(Directive(1, 1)));
        _table.SetLoaded(ReplicaId.Parse("m/r0"), V(1), Shard);
        Assert.Equal(ShardState.Ready, _table.StatusOf(ReplicaId.Parse("m/r0"), V(1), Shard)!.State);
    }

    [Fact]
    public void Apply_OlderSequence_ChangesNothing()
    {
        Load(1);
        Assert.Equal(ShardIntentKind.Drain, Assert.Single(_table.Apply(Directive(1, 3, ReplicaTarget.Drain))).Kind);
        Assert.Empty(_table.Apply(Directive(1, 2)));
        Assert.Equal(ShardState.Draining, _table.StatusOf(ReplicaId.Parse("m/r0"), V(1), Shard)!.State);
    }

    [Fact]
    public void Apply_DrainUndone_ServesAgain()
    {
        Load(1);
        _table.Apply(Directive(1, 2, ReplicaTarget.Drain));
        Assert.Equal(ShardIntentKind.Serve, Assert.Single(_table.Apply(Directive(1, 3))).Kind);
        Assert.Equal(ShardState.Ready, _table.StatusOf(ReplicaId.Parse("m/r0"), V(1), Shard)!.State);
    }

    [Fact]
    public void Apply_HigherEpoch_LoadsAfterTheOldOneIsGone()
    {
        Load(1);
        Assert.Equal((ShardIntentKind.Unload, 1), Kind(_table.Apply(Directive(2, 1))));
        Assert.Equal(2, _table.Statuses().Length);
        Assert.Equal([1L, 2L], _table.Plans().Select(p => p.Epoch));
        Assert.Equal((ShardIntentKind.Load, 2), Kind(_table.SetUnloaded(ReplicaId.Parse("m/r0"), V(1), Shard)));
        Assert.Equal(2, Assert.Single(_table.Statuses()).Epoch);
    }

    [Fact]
    public void Apply_StopBeforeALateServe_KeepsItOut()
    {
        Assert.Empty(_table.Apply(Directive(5, 2, ReplicaTarget.Stop)));
        Assert.Null(_table.StatusOf(ReplicaId.Parse("m/r0"), V(5), Shard));
        Assert.Empty(_table.Apply(Directive(5, 1)));
        Assert.Empty(_table.Apply(Directive(4, 9)));
        Assert.Empty(_table.Statuses());
        Assert.Equal(5, _table.MaxEpoch);
    }

    [Fact]
    public void Apply_Stop_HoldsUntilUnloaded()
    {
        Load(1);
        Assert.Equal((ShardIntentKind.Unload, 1), Kind(_table.Apply(Directive(1, 2, ReplicaTarget.Stop))));
        Assert.Equal(ShardState.Stopping, _table.StatusOf(ReplicaId.Parse("m/r0"), V(1), Shard)!.State);
        Assert.Empty(_table.SetUnloaded(ReplicaId.Parse("m/r0"), V(1), Shard));
        Assert.Null(_table.StatusOf(ReplicaId.Parse("m/r0"), V(1), Shard));
        Assert.Empty(_table.Apply(Directive(1, 3)));
    }

    [Fact]
    public void SetLoaded_DrainedWhileLoading_DoesNotServe()
    {
        _table.Apply(Directive(1, 1));
        _table.Apply(Directive(1, 2, ReplicaTarget.Drain));
        _table.SetLoaded(ReplicaId.Parse("m/r0"), V(1), Shard);
        Assert.Equal(ShardState.Draining, _table.StatusOf(ReplicaId.Parse("m/r0"), V(1), Shard)!.State);
    }

    [Fact]
    public void SetFailed_Loading_TellsWhy()
    {
        _table.Apply(Directive(1, 1));
        _table.SetFailed(ReplicaId.Parse("m/r0"), V(1), Shard, "LoadFailed", "no such file");
        var status = _table.StatusOf(ReplicaId.Parse("m/r0"), V(1), Shard)!;
        Assert.Equal((ShardState.Failed, "LoadFailed", "no such file"), (status.State, status.Reason, status.Message));
    }

    private void Load(long epoch)
    {
        _table.Apply(Directive(epoch, 1));
        _table.SetLoaded(ReplicaId.Parse("m/r0"), V(epoch), Shard);
    }

    private static (ShardIntentKind Kind, long Epoch) Kind(IReadOnlyList<ShardIntent> intents) =>
        (Assert.Single(intents).Kind, intents[0].Plan.Epoch);

    [Fact]
    public void Apply_HigherGeneration_LoadsAfterTheOldOneIsGone()
    {
        Load(1);
        Assert.Equal(ShardIntentKind.Unload, Assert.Single(_table.Apply(Placed(1, 2))).Kind);
        Assert.Equal([(0, ShardState.Stopping), (1, ShardState.Loading)], _table.Statuses().Select(s => (s.Generation, s.State)));
        var load = Assert.Single(_table.SetUnloaded(ReplicaId.Parse("m/r0"), V(1), Shard));
        Assert.Equal((ShardIntentKind.Load, new ShardVersion(1, 1)), (load.Kind, load.Version));
        _table.SetLoaded(ReplicaId.Parse("m/r0"), V(1), Shard);
        Assert.Equal(ShardState.Loading, Assert.Single(_table.Statuses()).State);
        _table.SetLoaded(ReplicaId.Parse("m/r0"), load.Version, Shard);
        Assert.Equal((1, ShardState.Ready), (_table.Statuses()[0].Generation, _table.Statuses()[0].State));
    }

    [Fact]
    public void Apply_StopOfAnOldGeneration_LeavesTheNewerOne()
    {
        _table.Apply(Placed(2, 1));
        Assert.Empty(_table.Apply(Directive(1, long.MaxValue, ReplicaTarget.Stop)));
        Assert.Null(_table.StatusOf(ReplicaId.Parse("m/r0"), V(1), Shard));
        Assert.Equal(2, Assert.Single(_table.Statuses()).Generation);
    }

    [Fact]
    public void Apply_StoppedGeneration_DoesNotComeBackAndANewerOneDoes()
    {
        Load(1);
        _table.Apply(Directive(1, long.MaxValue, ReplicaTarget.Stop));
        _table.SetUnloaded(ReplicaId.Parse("m/r0"), V(1), Shard);
        Assert.Empty(_table.Apply(Directive(1, 9)));
        Assert.Equal(ShardIntentKind.Load, Assert.Single(_table.Apply(Placed(1, 3))).Kind);
    }

    [Fact]
    public void Apply_NewerPlanElsewhere_UpdatesAndKeepsWhatIsHeld()
    {
        var plan = Plan();
        _table.Apply(new ShardDirective(plan, Shard, ReplicaTarget.Serve, null, 1));
        _table.SetLoaded(ReplicaId.Parse("m/r0"), V(1), Shard);
        var moved = plan
            with
        { Shards = [.. plan.Shards, new ShardPlan(ShardId.Parse("ep0"), "b", "b#1", "b:1", DeviceId.Sim(0), 1, Generation: 1)] };
        var update = Assert.Single(_table.Apply(new ShardDirective(moved, Shard, ReplicaTarget.Serve, null, 2)));
        Assert.Equal((ShardIntentKind.Update, new ShardVersion(1, 0)), (update.Kind, update.Version));
        Assert.Same(moved, update.Plan);
        Assert.Same(moved, Assert.Single(_table.Plans()));
        Assert.Equal(ShardState.Ready, _table.StatusOf(ReplicaId.Parse("m/r0"), V(1), Shard)!.State);
        Assert.Empty(_table.Apply(new ShardDirective(moved, Shard, ReplicaTarget.Serve, null, 3)));
        Assert.Equal([ShardIntentKind.Update, ShardIntentKind.Drain],
            _table.Apply(new ShardDirective(plan, Shard, ReplicaTarget.Drain, null, 4)).Select(i => i.Kind));
    }

    private static ReplicaPlan Plan(long epoch = 1) => new(
        "m", 0, epoch, "rev", new ModelSpec("m", "sim", 1, null, 1), new ReplicaLayout(),
        [new ShardPlan(Shard, "a", "a#1", "a:1", DeviceId.Sim(0), 1L << 30)]);

    private static ShardVersion V(long epoch) => new(epoch, 0);

    private static ShardDirective Placed(int generation, long sequence)
    {
        var plan = Plan();
        return new ShardDirective(plan with { Shards = [plan.Shards[0] with { Generation = generation }] }, Shard, ReplicaTarget.Serve,
            null, sequence);
    }

    private static ShardDirective Directive(long epoch, long sequence, ReplicaTarget target = ReplicaTarget.Serve) =>
        new(Plan(epoch), Shard, target, null, sequence);
}
