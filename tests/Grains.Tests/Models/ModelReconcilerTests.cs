using Grid.Abstractions.Configuration;
using Grid.Abstractions.Models;
using Grid.Abstractions.Replicas;
using Grid.Grains.Models;
using Grid.Grains.Records;

namespace Grid.Grains.Tests.Models;

public sealed class ModelReconcilerTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly ModelSpec Spec = new("m", "sim", 2, null, 1, 1, TimeSpan.FromMinutes(5));

    [Fact]
    public void Reconcile_Nothing_AddsAllReplicas()
    {
        var decision = Reconcile(Spec, []);
        Assert.Equal([0, 1], decision.Replicas.Select(r => r.Index));
        Assert.All(decision.Replicas, r => Assert.Equal((0, ReplicaTarget.Serve), (r.Epoch, r.Target)));
        Assert.Equal(ModelState.Progressing, decision.State);
    }

    [Fact]
    public void Reconcile_RevisionUnknown_AddsNothing() =>
        Assert.Empty(ModelReconciler.Reconcile(new("m", Spec, null, null, null, []), Now).Replicas);

    [Fact]
    public void Reconcile_AsAskedFor_IsReadyAndChangesNothing()
    {
        var decision = Reconcile(Spec, [Seen(0), Seen(1)]);
        Assert.Equal(ModelState.Ready, decision.State);
        Assert.All(decision.Replicas, r => Assert.Equal(ReplicaTarget.Serve, r.Target));
    }

    [Fact]
    public void Reconcile_NewRevision_BringsTheNewUpFirst()
    {
        var first = Reconcile(Spec, [Seen(0, "old"), Seen(1, "old")]);
        Assert.Equal(3, first.Replicas.Length);
        Assert.All(first.Replicas, r => Assert.Equal(ReplicaTarget.Serve, r.Target));

        var next = Reconcile(Spec, [Seen(0, "old"), Seen(1, "old"), Seen(2)]);
        Assert.Single(next.Replicas, r => r.Target == ReplicaTarget.Drain);
    }

    [Fact]
    public void Reconcile_NewRevisionWithoutSurge_KeepsMinAvailable()
    {
        var decision =
            Reconcile(Spec with { Replicas = 3, MinAvailable = 2, MaxSurge = 0 }, [Seen(0, "old"), Seen(1, "old"), Seen(2, "old")]);
        Assert.Single(decision.Replicas, r => r.Target == ReplicaTarget.Drain);
        Assert.Equal(3, decision.Replicas.Length);
    }

    [Fact]
    public void Reconcile_NewRevisionWithoutSurgeAndWithoutSlack_StillBegins() =>
        Assert.Equal(2, Reconcile(Spec with { Replicas = 1, MinAvailable = 1, MaxSurge = 0 }, [Seen(0, "old")]).Replicas.Length);

    [Fact]
    public void Reconcile_NodeBeingDrained_ReplacesBeforeItDrains()
    {
        var by = Now.AddMinutes(1);
        var leaving = Seen(0) with { Draining = true, DrainBy = by, Streams = 3 };
        var first = Reconcile(Spec, [leaving, Seen(1)]);
        Assert.Equal((2, ReplicaTarget.Serve), (first.Replicas[^1].Index, first.Replicas[0].Target));

        var next = Reconcile(Spec, [leaving, Seen(1), Seen(2)]);
        Assert.Equal((ReplicaTarget.Drain, by), (next.Replicas[0].Target, next.Replicas[0].HandOverAt));
    }

    [Fact]
    public void Reconcile_DrainedWithoutRoomElsewhere_HandsNothingOver()
    {
        var leaving = Seen(0)
            with
        {
            Draining = true,
            DrainBy = Now.AddMinutes(1),
            Streams = 30,
            Target = ReplicaTarget.Drain,
            State = ReplicaState.Draining
        };
        Assert.Null(Reconcile(Spec, [leaving, Seen(1) with { Room = 20 }, Seen(2) with { Room = 9 }]).Replicas[0].HandOverAt);
        Assert.NotNull(Reconcile(Spec, [leaving, Seen(1) with { Room = 20 }, Seen(2) with { Room = 10 }]).Replicas[0].HandOverAt);
    }

    [Fact]
    public void Reconcile_DrainedAndEmpty_Stops() =>
        Assert.Equal(ReplicaTarget.Stop,
        Reconcile(Spec with { Replicas = 1 },
            [Seen(0), Seen(1) with { Target = ReplicaTarget.Drain, State = ReplicaState.Draining }]).Replicas[1].Target);

    [Fact]
    public void Reconcile_DrainNotTakenByTheNodeYet_DoesNotStop() =>
        Assert.Equal(ReplicaTarget.Drain,
        Reconcile(Spec with { Replicas = 1 }, [Seen(0), Seen(1) with { Target = ReplicaTarget.Drain }]).Replicas[1].Target);

    [Fact]
    public void Reconcile_ScaleDown_DrainsTheLeastLoadedThenTheNewest()
    {
        var decision = Reconcile(Spec,
            [Seen(0) with { Streams = 5 }, Seen(1) with { Streams = 1 }, Seen(2) with { Streams = 5 }, Seen(3) with { Streams = 5 }]);
        Assert.Equal([1, 3], decision.Replicas.Where(r => r.Target == ReplicaTarget.Drain).Select(r => r.Index));
    }

    [Fact]
    public void Reconcile_ScaledUpAgain_TakesDrainingReplicasBack() =>
        Assert.All(
        Reconcile(Spec, [Seen(0), Seen(1) with { Target = ReplicaTarget.Drain, State = ReplicaState.Draining, Streams = 2 }]).Replicas,
            r => Assert.Equal(ReplicaTarget.Serve, r.Target));

    [Fact]
    public void Reconcile_Override_HoldsOverTheFile() =>
        Assert.Equal(5, ModelReconciler.Reconcile(new("m", Spec, 5, null, "new", []), Now).Replicas.Length);

    [Fact]
    public void Reconcile_Deleted_DrainsAndNeverHandsOver()
    {
        var decision = ModelReconciler.Reconcile(new("m", null, null, null, "new", [Seen(0) with { Streams = 1 }, Seen(1)]), Now);
        Assert.All(decision.Replicas, r => Assert.Equal((ReplicaTarget.Drain, null), (r.Target, r.HandOverAt)));
    }

    [Fact]
    public void Reconcile_FailedReplica_KeepsItsIndexAndTellsTheReason()
    {
        var decision =
            Reconcile(Spec with { Replicas = 1 }, [Seen(0) with { Epoch = 0, State = ReplicaState.Failed, Reason = "LoadFailed" }]);
        Assert.Equal((ModelState.Failed, "LoadFailed", 1), (decision.State, decision.Reason, decision.Replicas.Length));
    }

    private static ModelDecision Reconcile(ModelSpec spec, ReplicaObservation[] seen) =>
        ModelReconciler.Reconcile(new("m", spec, null, null, "new", seen), Now);

    private static ReplicaObservation Seen(int index, string revision = "new") =>
        new(index, index + 1, revision, ReplicaState.Ready, ReplicaTarget.Serve, null, false, null, false, 0, 64, null);
}
