using Grid.Abstractions.Replicas;
using Grid.Grains.Recovery;
using Grid.Grains.Replicas;
using static Grid.Grains.Tests.Plans;

namespace Grid.Grains.Tests.Replicas;

public sealed class ReplicaLifecycleTests
{
    private static readonly ShardId Shard = ShardId.Parse("dp0/pp0/tp0");
    private readonly ReplicaLifecycle _replica = new();

    [Fact]
    public void Apply_Serve_IsSentUntilItIsTaken()
    {
        var sent = Assert.Single(_replica.Apply(Directive(1, 1), Now));
        Assert.Equal(1, _replica.Status()!.Pending);
        Assert.Single(_replica.Apply(Directive(1, 1), Now));
        _replica.Answer(sent, Held(1, ShardState.Loading));
        Assert.Equal(0, _replica.Status()!.Pending);
        Assert.Empty(_replica.Apply(Directive(1, 1), Now));
    }

    [Fact]
    public void Apply_OlderSequence_ChangesNothing()
    {
        _replica.Apply(Directive(2, 5), Now);
        Assert.Empty(_replica.Apply(Directive(2, 4, ReplicaTarget.Stop), Now));
        Assert.Equal((5L, 1), (_replica.Status()!.Sequence, _replica.Status()!.Pending));
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

        var status = _replica.Status()!;
        Assert.Equal((1, "ShardUnreachable", "m/r0/dp0/pp0/tp0 after 3 attempts: unreachable"),
            (status.Pending, status.Reason, status.Message));
        _replica.Answer(Assert.Single(_replica.Apply(Directive(1, 1), now)), Held(1, ShardState.Loading));
        Assert.Null(_replica.Status()!.Reason);
    }

    [Fact]
    public void Answer_StopWhileItUnloads_AsksAgainUntilNothingIsHeld()
    {
        var sent = Assert.Single(_replica.Apply(Directive(1, 2, ReplicaTarget.Stop), Now));
        _replica.Answer(sent, Held(1, ShardState.Stopping));
        Assert.Equal(0, _replica.Status()!.Pending);
        Assert.Empty(_replica.Status()!.Stopped);
        _replica.Answer(Assert.Single(_replica.Apply(Directive(1, 2, ReplicaTarget.Stop), Now)), null);
        Assert.Equal([new ShardInstance("a", 1, Shard, 0)], _replica.Status()!.Stopped);
        Assert.Empty(_replica.Apply(Directive(1, 2, ReplicaTarget.Stop), Now));
    }

    [Fact]
    public void Answer_OfAnOlderDirective_IsDropped()
    {
        var old = Assert.Single(_replica.Apply(Directive(1, 1, ReplicaTarget.Stop), Now));
        _replica.Apply(Directive(2, 2, ReplicaTarget.Stop), Now);
        _replica.Answer(old, null);
        Assert.Equal(1, _replica.Status()!.Pending);
        Assert.Empty(_replica.Status()!.Stopped);
    }

    [Fact]
    public void Answer_ServeAndNothingHeld_IsToldAgain()
    {
        _replica.Answer(Assert.Single(_replica.Apply(Directive(1, 1), Now)), null);
        Assert.Equal(1, _replica.Status()!.Pending);
        Assert.Single(_replica.Apply(Directive(1, 1), Now));
    }

    [Fact]
    public void Apply_ShardPlacedElsewhere_ForgetsWhatItsFormerPlaceRefused()
    {
        _replica.Refuse(Assert.Single(_replica.Apply(Directive(1, 1), Now)), "unreachable", Now);
        Assert.Empty(_replica.Apply(Directive(1, 2), Now));
        var plan = Plan();
        var moved = Directive(1, 3) with { Plan = plan with { Shards = [plan.Shards[0] with { Node = "b", Generation = 1 }] } };
        Assert.Equal(1, Assert.Single(_replica.Apply(moved, Now)).Plan.Shards[0].Generation);
        Assert.Equal(1, _replica.Status()!.Pending);
    }

    [Fact]
    public void Apply_RankAboveTheLayout_IsDrainedWhileTheOthersServe()
    {
        var plan = Plan();
        var ranks = plan with { Shards = [plan.Shards[0], plan.Shards[0] with { Shard = ShardId.Parse("dp1/pp0/tp0") }] };
        var sent = _replica.Apply(Directive(1, 1) with { Plan = ranks }, Now);
        Assert.Equal([ReplicaTarget.Serve, ReplicaTarget.Drain], sent.Select(s => s.Target));
    }

    [Fact]
    public void Apply_LeftoversOfAFormerPlan_AreStoppedBesideThePlan()
    {
        var former = new ShardDirective(Plan(1), Shard, ReplicaTarget.Stop, Now, 7);
        var sent = _replica.Apply(Directive(2, 1) with { Others = [former] }, Now);
        Assert.Equal([(2L, ReplicaTarget.Serve), (1L, ReplicaTarget.Stop)], sent.Select(s => (s.Plan.Epoch, s.Target)));
        _replica.Answer(sent[0], Held(2, ShardState.Loading));
        _replica.Answer(sent[1], null);
        Assert.Equal([new ShardInstance("a", 1, Shard, 0)], _replica.Status()!.Stopped);
    }

    [Fact]
    public void Apply_ANewActivation_AsksTheShardsAgainAndEndsTheSame()
    {
        _replica.Answer(Assert.Single(_replica.Apply(Directive(1, 2, ReplicaTarget.Stop), Now)), Held(1, ShardState.Stopping));
        var next = new ReplicaLifecycle();
        next.Answer(Assert.Single(next.Apply(Directive(1, 2, ReplicaTarget.Stop), Now)), null);
        Assert.Equal(0, next.Status()!.Pending);
        Assert.Single(next.Status()!.Stopped);
    }

    [Fact]
    public void After_ManyFailures_StaysAtAMinute()
    {
        Assert.Equal(TimeSpan.Zero, RetryPauses.Of.After(0));
        Assert.Equal([1, 2, 4, 8, 16, 32, 60, 60], Enumerable.Range(1, 8).Select(n => (int)RetryPauses.Of.After(n).TotalSeconds));
        Assert.Equal(TimeSpan.FromMinutes(1), RetryPauses.Of.After(int.MaxValue));
    }

    private static ReplicaDirective Directive(long epoch, long sequence, ReplicaTarget target = ReplicaTarget.Serve) =>
        new(ReplicaId.Parse("m/r0"), sequence, Plan(epoch), target, null, sequence, []);

    private static ShardStatus Held(long epoch, ShardState state) =>
        new(ReplicaId.Parse("m/r0"), epoch, Shard, state, DeviceId.Sim(0), 1L << 30);
}
