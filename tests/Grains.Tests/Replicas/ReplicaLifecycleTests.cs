using Grid.Abstractions.Replicas;
using Grid.Grains.Recovery;
using Grid.Grains.Replicas;
using static Grid.Grains.Tests.Plans;

namespace Grid.Grains.Tests.Replicas;

public sealed class ReplicaLifecycleTests
{
    private const string Shard = "dp0/pp0/tp0";
    private readonly ReplicaLifecycle _replica = new();

    [Fact]
    public void Apply_Serve_GoesFromPlacingOverLoadingToReady()
    {
        var sent = Assert.Single(_replica.Apply(Directive(1, 1), Now));
        Assert.Equal(ReplicaState.Placing, _replica.Status()!.State);
        _replica.Answer(sent, Held(1, ShardState.Loading));
        Assert.Empty(_replica.Apply(Directive(1, 1, observed: Held(1, ShardState.Loading)), Now));
        Assert.Equal(ReplicaState.Loading, _replica.Status()!.State);
        _replica.Apply(Directive(1, 1, observed: Held(1, ShardState.Ready)), Now);
        Assert.Equal(ReplicaState.Ready, _replica.Status()!.State);
    }

    [Fact]
    public void Apply_OlderEpochOrSequence_ChangesNothing()
    {
        _replica.Apply(Directive(2, 5), Now);
        Assert.Empty(_replica.Apply(Directive(2, 4, ReplicaTarget.Stop), Now));
        Assert.Empty(_replica.Apply(Directive(1, 9, ReplicaTarget.Stop), Now));
        Assert.Equal((2L, 5L, ReplicaState.Placing), (_replica.Status()!.Epoch, _replica.Status()!.Sequence, _replica.Status()!.State));
    }

    [Fact]
    public void Refuse_InARow_BacksOff()
    {
        var now = Now;
        for (var pause = 1; pause <= 4; pause *= 2)
        {
            _replica.Refuse(Assert.Single(_replica.Apply(Directive(1, 1), now)), "unreachable", now);
            Assert.Empty(_replica.Apply(Directive(1, 1), now.AddSeconds(pause - 0.1)));
            now = now.AddSeconds(pause);
        }

        Assert.Equal((ReplicaState.Placing, "ShardUnreachable"), (_replica.Status()!.State, _replica.Status()!.Reason));
        _replica.Answer(Assert.Single(_replica.Apply(Directive(1, 1), now)), Held(1, ShardState.Loading));
        Assert.Null(_replica.Status()!.Reason);
    }

    [Fact]
    public void Answer_StopWhileItUnloads_AsksAgainUntilNothingIsHeld()
    {
        var sent = Assert.Single(_replica.Apply(Directive(1, 2, ReplicaTarget.Stop), Now));
        _replica.Answer(sent, Held(1, ShardState.Stopping));
        Assert.Equal(ReplicaState.Draining, _replica.Status()!.State);
        _replica.Answer(Assert.Single(_replica.Apply(Directive(1, 2, ReplicaTarget.Stop), Now)), null);
        Assert.Equal(ReplicaState.Stopped, _replica.Status()!.State);
    }

    [Fact]
    public void Answer_OfAnOlderDirective_IsDropped()
    {
        var old = Assert.Single(_replica.Apply(Directive(1, 1, ReplicaTarget.Stop), Now));
        _replica.Apply(Directive(2, 1, ReplicaTarget.Stop), Now);
        _replica.Answer(old, null);
        Assert.Equal(ReplicaState.Draining, _replica.Status()!.State);
    }

    [Fact]
    public void Status_ShardFailed_FailsWithItsReason()
    {
        _replica.Apply(Directive(1, 1, observed: Held(1, ShardState.Failed) with { Reason = "LoadFailed", Message = "no such file" }), Now);
        Assert.Equal((ReplicaState.Failed, "LoadFailed", "m/r0/dp0/pp0/tp0: no such file"), (_replica.Status()!.State, _replica.Status()!.Reason, _replica.Status()!.Message));
    }

    [Fact]
    public void Apply_ShardPlacedAnew_ForgetsWhatItsFormerPlaceRefused()
    {
        _replica.Refuse(Assert.Single(_replica.Apply(Directive(1, 1), Now)), "unreachable", Now);
        Assert.Empty(_replica.Apply(Directive(1, 2), Now));
        var plan = Plan();
        var anew = Directive(1, 3) with { Plan = plan with { Shards = [plan.Shards[0] with { Node = "b", Generation = 1 }] } };
        Assert.Equal(1, Assert.Single(_replica.Apply(anew, Now)).Plan.Shards[0].Generation);
        Assert.Equal(1, _replica.Status()!.Untold);
    }

    [Fact]
    public void Apply_RankAboveTheLayout_IsDrainedWhileTheOthersServe()
    {
        var plan = Plan();
        var sent = _replica.Apply(Directive(1, 1) with { Plan = plan with { Shards = [plan.Shards[0], plan.Shards[0] with { Shard = "dp1/pp0/tp0" }] } }, Now);
        Assert.Equal([ReplicaTarget.Serve, ReplicaTarget.Drain], sent.Select(s => s.Target));
    }

    [Fact]
    public void Answer_Taken_CountsDownWhoIsUntold()
    {
        var sent = Assert.Single(_replica.Apply(Directive(1, 1), Now));
        Assert.Equal(1, _replica.Status()!.Untold);
        _replica.Answer(sent, Held(1, ShardState.Loading));
        Assert.Equal(0, _replica.Status()!.Untold);
    }

    [Fact]
    public void After_ManyFailures_StaysAtAMinute()
    {
        Assert.Equal(TimeSpan.Zero, RetryPauses.Of.After(0));
        Assert.Equal([1, 2, 4, 8, 16, 32, 60, 60], Enumerable.Range(1, 8).Select(n => (int)RetryPauses.Of.After(n).TotalSeconds));
        Assert.Equal(TimeSpan.FromMinutes(1), RetryPauses.Of.After(int.MaxValue));
    }

    private static ReplicaDirective Directive(long epoch, long sequence, ReplicaTarget target = ReplicaTarget.Serve, ShardStatus? observed = null) =>
        new(Plan(epoch), target, null, sequence, observed is null ? [] : [observed]);

    private static ShardStatus Held(long epoch, ShardState state) => new("m/r0", epoch, Shard, state, "sim:0", 1L << 30);
}
