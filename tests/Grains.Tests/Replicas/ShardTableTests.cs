using Grid.Abstractions.Replicas;
using Grid.Grains.Replicas;
using static Grid.Grains.Tests.Plans;

namespace Grid.Grains.Tests.Replicas;

public sealed class ShardTableTests
{
    private const string Shard = "dp0/pp0/tp0";
    private readonly ShardTable _table = new();

    [Fact]
    public void Apply_Serve_LoadsOnce()
    {
        Assert.Equal(ShardIntentKind.Load, Assert.Single(_table.Apply(Directive(1, 1))).Kind);
        Assert.Empty(_table.Apply(Directive(1, 1)));
        _table.SetLoaded("m/r0", 1, Shard);
        Assert.Equal(ShardState.Ready, _table.StatusOf("m/r0", 1, Shard)!.State);
    }

    [Fact]
    public void Apply_OlderSequence_ChangesNothing()
    {
        Load(1);
        Assert.Equal(ShardIntentKind.Drain, Assert.Single(_table.Apply(Directive(1, 3, ReplicaTarget.Drain))).Kind);
        Assert.Empty(_table.Apply(Directive(1, 2)));
        Assert.Equal(ShardState.Draining, _table.StatusOf("m/r0", 1, Shard)!.State);
    }

    [Fact]
    public void Apply_DrainUndone_ServesAgain()
    {
        Load(1);
        _table.Apply(Directive(1, 2, ReplicaTarget.Drain));
        Assert.Equal(ShardIntentKind.Serve, Assert.Single(_table.Apply(Directive(1, 3))).Kind);
        Assert.Equal(ShardState.Ready, _table.StatusOf("m/r0", 1, Shard)!.State);
    }

    [Fact]
    public void Apply_HigherEpoch_LoadsAfterTheOldOneIsGone()
    {
        Load(1);
        Assert.Equal((ShardIntentKind.Unload, 1), Kind(_table.Apply(Directive(2, 1))));
        Assert.Equal(2, _table.Statuses().Length);
        Assert.Equal([1L, 2L], _table.Plans().Select(p => p.Epoch));
        Assert.Equal((ShardIntentKind.Load, 2), Kind(_table.SetUnloaded("m/r0", 1, Shard)));
        Assert.Equal(2, Assert.Single(_table.Statuses()).Epoch);
    }

    [Fact]
    public void Apply_StopBeforeALateServe_KeepsItOut()
    {
        Assert.Empty(_table.Apply(Directive(5, 2, ReplicaTarget.Stop)));
        Assert.Null(_table.StatusOf("m/r0", 5, Shard));
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
        Assert.Equal(ShardState.Stopping, _table.StatusOf("m/r0", 1, Shard)!.State);
        Assert.Empty(_table.SetUnloaded("m/r0", 1, Shard));
        Assert.Null(_table.StatusOf("m/r0", 1, Shard));
        Assert.Empty(_table.Apply(Directive(1, 3)));
    }

    [Fact]
    public void SetLoaded_DrainedWhileLoading_DoesNotServe()
    {
        _table.Apply(Directive(1, 1));
        _table.Apply(Directive(1, 2, ReplicaTarget.Drain));
        _table.SetLoaded("m/r0", 1, Shard);
        Assert.Equal(ShardState.Draining, _table.StatusOf("m/r0", 1, Shard)!.State);
    }

    [Fact]
    public void SetFailed_Loading_TellsWhy()
    {
        _table.Apply(Directive(1, 1));
        _table.SetFailed("m/r0", 1, Shard, "LoadFailed", "no such file");
        var status = _table.StatusOf("m/r0", 1, Shard)!;
        Assert.Equal((ShardState.Failed, "LoadFailed", "no such file"), (status.State, status.Reason, status.Message));
    }

    private void Load(long epoch)
    {
        _table.Apply(Directive(epoch, 1));
        _table.SetLoaded("m/r0", epoch, Shard);
    }

    private static (ShardIntentKind Kind, long Epoch) Kind(IReadOnlyList<ShardIntent> intents) => (Assert.Single(intents).Kind, intents[0].Plan.Epoch);

    private static ShardDirective Directive(long epoch, long sequence, ReplicaTarget target = ReplicaTarget.Serve) => new(Plan(epoch), Shard, target, null, sequence);
}
