using Grid.Abstractions.Admin;
using Grid.Abstractions.Configuration;
using Grid.Abstractions.Nodes;
using Grid.Abstractions.Replicas;
using Grid.Grains.Control;
using Grid.Grains.Records;
using Grid.Grains.Tests.Control;

namespace Grid.Grains.Tests.Recovery;

/// <summary>Nodes a to e with one device of 8 GiB, each with room for one shard: dp0, dp1 on a, b; ep0, ep1 on c, d.</summary>
public sealed class ExpertShardTests
{
    private static readonly ModelSpec Spec = new("m", "sim", 1, null, 1, 1, TimeSpan.FromSeconds(10),
        new ParallelismSpec(false, Data: 2, Expert: 2), Sim: new SimSpec(WeightsBytes: 5L << 30));

    private readonly GridBench _grid = new();

    [Fact]
    public void Handle_NodeOfAnExpertDead_PlacesItAnewUnderTheSameEpoch()
    {
        Start("a", "b", "c", "d", "e");
        var before = Plan();
        _grid.Die("c");
        _grid.Run(1);
        var after = Plan();
        Assert.Equal((before.Epoch, "e", 1), (after.Epoch, Place(ShardId.Parse("ep0")).Node, Place(ShardId.Parse("ep0")).Generation));
        Assert.Equal(before.Shards.Where(s => s.Shard != ShardId.Parse("ep0")), after.Shards.Where(s => s.Shard != ShardId.Parse("ep0")));
        Assert.Equal([ShardId.Parse("dp0/pp0/tp0"), ShardId.Parse("dp1/pp0/tp0"), ShardId.Parse("ep0"), ShardId.Parse("ep1")],
            after.Shards.Select(s => s.Shard));
        Assert.Equal("ep0 from c to e, generation 1: c is gone", Event("ExpertShardReplaced").Message);
        AssertServes(2);
        _grid.Run(3);
        Assert.Same(Record().Plan, _grid.At("a").Table.Plans()[0]);
        Assert.Equal(("Ready", null), (_grid.Model().Replicas[0].State, _grid.Model().Replicas[0].Reason));
        Assert.Equal((5L << 30, 0), (_grid.Node("e").Devices[0].ReservedBytes, _grid.Node("c").Devices[0].ReservedBytes));
    }

    [Fact]
    public void Handle_LostByARank_ActsWithThatReportAndStopsTheOldPlacing()
    {
        Start("a", "b", "c", "d", "e");
        _grid.At("a").Lost = [new ShardLoss(ReplicaId.Parse("m/r0"), Plan().Epoch, ExpertShardId.Parse("ep1"), 0, "connection reset")];
        var sequence = Record().Sequence;
        _grid.Report("a");
        Assert.Equal(("e", 1), (Place(ShardId.Parse("ep1")).Node, Place(ShardId.Parse("ep1")).Generation));
        Assert.True(Record().Sequence > sequence);
        Assert.Contains("a cannot reach it: connection reset", Event("ExpertShardReplaced").Message, StringComparison.Ordinal);
        // The rank repeats itself until it knows the new place: that says nothing of it.
        _grid.Run();
        Assert.Equal(1, Place(ShardId.Parse("ep1")).Generation);
        Assert.Equal((0, 0L), (_grid.Node("d").Shards.Length, _grid.Node("d").Devices[0].ReservedBytes));
        AssertServes(2);
    }

    [Fact]
    public void Handle_ReplicaGrainAway_RepeatsTheDirectiveUntilItAnswers()
    {
        Start("a", "b", "c", "d", "e");
        _grid.ReplicasAway = true;
        _grid.At("a").Lost = [new ShardLoss(ReplicaId.Parse("m/r0"), Plan().Epoch, ExpertShardId.Parse("ep1"), 0, "connection reset")];
        _grid.Report("a");
        Assert.All(new[] { "a", "b", "c" }, node => Assert.NotSame(Record().Plan, _grid.At(node).Table.Plans()[0]));
        _grid.ReplicasAway = false;
        _grid.Run(GridBench.ResendSeconds);
        Assert.All(new[] { "a", "b", "c", "e" }, node => Assert.Same(Record().Plan, _grid.At(node).Table.Plans()[0]));
    }

    [Fact]
    public void Handle_LostWhileItLoads_SaysNothingThenAndLater()
    {
        Start("a", "b", "c", "d", "e", "f");
        _grid.Loads = false;
        _grid.Die("c");
        _grid.Run(2);
        var node = Place(ShardId.Parse("ep0")).Node;
        _grid.At("a").Lost = [new ShardLoss(ReplicaId.Parse("m/r0"), Plan().Epoch, ExpertShardId.Parse("ep0"), 1, "refused")];
        _grid.Run(2);
        _grid.Loads = true;
        _grid.Run(3);
        Assert.Equal((node, 1), (Place(ShardId.Parse("ep0")).Node, Place(ShardId.Parse("ep0")).Generation));
        // Told anew, it is so.
        _grid.At("a").Lost = null;
        _grid.Run(1);
        _grid.At("a").Lost = [new ShardLoss(ReplicaId.Parse("m/r0"), Plan().Epoch, ExpertShardId.Parse("ep0"), 1, "refused")];
        _grid.Report("a");
        _grid.Run(3);
        Assert.Equal(2, Place(ShardId.Parse("ep0")).Generation);
    }

    [Fact]
    public void Handle_LostByANodeWithoutThePlan_SaysNothing()
    {
        Start("a", "b", "c", "d", "e");
        _grid.At("e").Lost = [new ShardLoss(ReplicaId.Parse("m/r0"), Plan().Epoch, ExpertShardId.Parse("ep1"), 0, "connection reset")];
        _grid.Run(2);
        Assert.Equal(("d", 0), (Place(ShardId.Parse("ep1")).Node, Place(ShardId.Parse("ep1")).Generation));
    }

    [Fact]
    public void Handle_ExpertFailed_IsPlacedAnewElsewhere()
    {
        Start("a", "b", "c", "d", "e");
        _grid.At("c").Fail(ShardId.Parse("ep0"));
        _grid.Run(3);
        Assert.Equal(("e", 1), (Place(ShardId.Parse("ep0")).Node, Place(ShardId.Parse("ep0")).Generation));
        Assert.Empty(_grid.Node("c").Shards);
        AssertServes(2);
    }

    [Fact]
    public void Handle_NothingElseFits_TakesTheNodeThatLostItAgain()
    {
        Start("a", "b", "c", "d");
        _grid.At("c").Fail(ShardId.Parse("ep0"));
        _grid.Report("c");
        Assert.DoesNotContain(Plan().Shards, s => s.Shard == ShardId.Parse("ep0"));
        Assert.Equal("Unschedulable", _grid.Model().Replicas[0].Reason);
        Assert.Contains("m/r0 needs 1 x 5 GiB", _grid.Model().Replicas[0].Message!, StringComparison.Ordinal);
        AssertServes(2);
        _grid.Run(3);
        Assert.Equal(("c", 1), (Place(ShardId.Parse("ep0")).Node, Place(ShardId.Parse("ep0")).Generation));
        Assert.Equal((5L << 30, 1), (_grid.Node("c").Devices[0].ReservedBytes, _grid.Node("c").Shards.Length));
        AssertServes(2);
    }

    [Fact]
    public void Handle_FailsThreeTimesInARow_IsGivenUpAsFailed()
    {
        Start("a", "b", "c", "d", "e");
        var epoch = Plan().Epoch;
        for (var failure = 1; failure <= 3; failure++)
        {
            _grid.At(Place(ShardId.Parse("ep0")).Node).Fail(ShardId.Parse("ep0"));
            _grid.Report(Place(ShardId.Parse("ep0")).Node);
            Assert.Equal(failure == 3, Record(epoch) is not { Abandoned: false });
            // From the second on there is a pause.
            if (failure == 1) Assert.Equal(1, Place(ShardId.Parse("ep0")).Generation);
            if (failure == 2) Assert.DoesNotContain(Plan().Shards, s => s.Shard == ShardId.Parse("ep0"));
            if (failure < 3) _grid.Run(3);
        }

        Assert.Contains("3 failures in a row", Event("ReplicaFailed").Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Handle_FailsAfterItWasSteady_StartsANewRow()
    {
        Start("a", "b", "c", "d", "e");
        var epoch = Plan().Epoch;
        for (var failure = 1; failure <= 4; failure++)
        {
            _grid.At(Place(ShardId.Parse("ep0")).Node).Fail(ShardId.Parse("ep0"));
            _grid.Run(33);
        }

        Assert.Equal((epoch, 4), (Plan().Epoch, Place(ShardId.Parse("ep0")).Generation));
    }

    [Fact]
    public void Handle_NoPlaceForThirtySeconds_GivesTheReplicaUp()
    {
        Start("a", "b", "c", "d");
        var epoch = Plan().Epoch;
        _grid.Die("c");
        _grid.Run(29);
        Assert.Equal(epoch, Plan().Epoch);
        AssertServes(2);
        _grid.Run(3);
        Assert.True(Record(epoch) is not { Abandoned: false });
        Assert.Contains("m/r0/ep0 has had no place for 30 s", Event("ReplicaLost").Message, StringComparison.Ordinal);
        _grid.Join("e");
        _grid.Run();
        Assert.Equal("Ready", _grid.Model().State);
        AssertServes(2);
    }

    [Fact]
    public void Handle_ControllerStartedAnew_KeepsTheReplicaReady()
    {
        Start("a", "b", "c", "d", "e");
        _grid.Die("c");
        _grid.Loads = false;
        _grid.Run(2);
        _grid.Restart(_grid.Stored!);
        AssertServes(2);
        Assert.Equal(("e", 1), (Place(ShardId.Parse("ep0")).Node, Place(ShardId.Parse("ep0")).Generation));
    }

    [Fact]
    public void Handle_StoreLost_TakesTheNewestPlacesOver()
    {
        Start("a", "b", "c", "d", "e");
        _grid.Die("c");
        _grid.Run();
        var before = Plan();
        _grid.Restart(new GridState { Incarnation = "another" });
        Assert.Equal((before.Epoch, "e", 1), (Plan().Epoch, Place(ShardId.Parse("ep0")).Node, Record().Generation));
        AssertServes(2);
    }

    [Fact]
    public void Handle_StoreAway_ReplacesWhenItIsBack()
    {
        Start("a", "b", "c", "d", "e");
        _grid.StoreAway = true;
        _grid.Die("c");
        _grid.Run(4);
        Assert.Equal(("c", 0), (Place(ShardId.Parse("ep0")).Node, Place(ShardId.Parse("ep0")).Generation));
        _grid.StoreAway = false;
        _grid.Run();
        Assert.Equal("e", Place(ShardId.Parse("ep0")).Node);
        Assert.Equal(5L << 30, _grid.Node("e").Devices[0].ReservedBytes);
    }

    [Fact]
    public void Drain_NodeOfAnExpert_LoadsTheNewPlacingBeforeItUnloadsTheOld()
    {
        Start("a", "b", "c", "d", "e");
        var epoch = Plan().Epoch;
        _grid.Loads = false;
        var answer = _grid.Ask(new GridEvent.DrainAsked("c", new DrainRequest(null, false, false), "admin"));
        Assert.Null(answer.Fault);
        Assert.Equal((ReplicaShardId.Parse("m/r0/ep0"), "e"),
            (_grid.Controller.PreviewDrain("c", new DrainRequest(null, false, true)).Value!.Moves.Select(m => (m.Shard, m.To)).Single()));
        _grid.Run(3);
        Assert.Equal(("c", 0), (Place(ShardId.Parse("ep0")).Node, Place(ShardId.Parse("ep0")).Generation));
        Assert.Equal(["Ready", "Loading"], new[] { "c", "e" }.Select(node => Assert.Single(_grid.Node(node).Shards).State));
        _grid.Loads = true;
        _grid.Run(2);
        Assert.Equal(("e", 1, epoch), (Place(ShardId.Parse("ep0")).Node, Place(ShardId.Parse("ep0")).Generation, Plan().Epoch));
        Assert.Equal("Ready", Assert.Single(_grid.Node("c").Shards).State);
        _grid.Run();
        Assert.Equal((NodeState.Drained, 0L), (_grid.Node("c").State, _grid.Node("c").Devices[0].ReservedBytes));
        Assert.Equal("Succeeded", _grid.Operation(((OperationView)answer.Value!).Id).State);
        Assert.Single(_grid.Model().Replicas);
        AssertServes(2);
    }

    [Fact]
    public void Drain_Cancelled_CallsTheMoveOff()
    {
        Start("a", "b", "c", "d", "e");
        _grid.Loads = false;
        _grid.Ask(new GridEvent.DrainAsked("c", new DrainRequest(null, false, false), "admin"));
        _grid.Run(2);
        _grid.Ask(new GridEvent.NodeCordoned("c", false, "admin"));
        _grid.Loads = true;
        _grid.Run();
        Assert.Equal(("c", 0, null), (Place(ShardId.Parse("ep0")).Node, Place(ShardId.Parse("ep0")).Generation, Record().Next));
        Assert.Equal((0, 0L), (_grid.Node("e").Shards.Length, _grid.Node("e").Devices[0].ReservedBytes));
    }

    [Fact]
    public void Drain_ItsNodeDiesMeanwhile_TakesThePlaceThatLoads()
    {
        Start("a", "b", "c", "d", "e");
        _grid.Loads = false;
        _grid.Ask(new GridEvent.DrainAsked("c", new DrainRequest(null, false, false), "admin"));
        _grid.Run(2);
        _grid.Die("c");
        _grid.Run(1);
        Assert.Equal(("e", 1, null), (Place(ShardId.Parse("ep0")).Node, Place(ShardId.Parse("ep0")).Generation, Record().Next));
    }

    private void Start(params string[] nodes)
    {
        foreach (var node in nodes) _grid.Join(node);
        _grid.Apply(Spec);
        _grid.Run();
        Assert.Equal(["a", "b", "c", "d"], Plan().Shards.Select(s => s.Node));
    }

    private void AssertServes(int ranks) =>
        Assert.Equal(ranks, _grid.Controller.GetRoutingTable()!.Models.Single().Ranks.Count(rank => rank.Accepting));

    private GridEventView Event(string reason) => _grid.Controller.GetEvents(0, 1000).Last(e => e.Reason == reason);

    private PlanRecord? Record(long epoch) => _grid.Controller.Store.Plans.GetValueOrDefault(epoch);

    private PlanRecord Record() => _grid.Controller.Store.Current("m", 0)!;

    private ReplicaPlan Plan() => Record().Plan;

    private ShardPlan Place(ShardId shard) => Plan().Shards.Single(s => s.Shard == shard);
}
