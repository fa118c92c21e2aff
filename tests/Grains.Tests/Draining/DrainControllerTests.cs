using Grid.Abstractions.Admin;
using Grid.Abstractions.Nodes;
using Grid.Abstractions.Routing;
using Grid.Grains.Control;
using Grid.Grains.Tests.Control;

namespace Grid.Grains.Tests.Draining;

public sealed class DrainControllerTests
{
    private readonly GridBench _grid = new();

    private RoutingTable Table() => _grid.Controller.GetRoutingTable()!;

    [Fact]
    public void Drain_RoomElsewhere_MovesAndKeepsTheStore()
    {
        _grid.Join("a", roles: ["head", "silo", "gateway", "store"]);
        _grid.Start(GridBench.TwoReplicas, "b", "c");
        var operation = _grid.Drain("a");
        _grid.Run();
        operation = _grid.Operation(operation.Id);
        Assert.Equal(("Succeeded", "no shard and no stream left; gateway and store stay on a"), (operation.State, operation.Message));
        Assert.Equal((NodeState.Drained, true, 0), (_grid.Node("a").State, _grid.Node("a").Cordoned, _grid.Node("a").Shards.Length));
        Assert.Equal("Ready", _grid.Model().State);
        _grid.Ask(new GridEvent.NodeCordoned("a", false, "admin"));
        Assert.Equal((NodeState.Ready, false), (_grid.Node("a").State, _grid.Node("a").Cordoned));
    }

    [Fact]
    public void Drain_StreamsRun_WaitsForThem()
    {
        _grid.Start(GridBench.TwoReplicas, "a", "b", "c");
        _grid.At("a").Streams = 3;
        _grid.Run(1);
        var operation = _grid.Drain("a");
        _grid.Run();
        Assert.Equal((NodeState.Draining, 3, 1),
            (_grid.Node("a").State, _grid.Node("a").Drain!.StreamsLeft, _grid.Node("a").Drain!.ShardsLeft));
        var deadline = _grid.Node("a").Drain!.Deadline;
        Assert.True(deadline > _grid.Operation(operation.Id).StartedAt);
        _grid.At("a").Streams = 0;
        _grid.Run();
        Assert.Equal("Succeeded", _grid.Operation(operation.Id).State);
        Assert.Equal((0, deadline), (_grid.Node("a").Drain!.ShardsLeft, _grid.Node("a").Drain!.Deadline));
    }

    [Fact]
    public void Drain_NoRankHasRoom_IsBlockedPastItsDeadlineWithNumbers()
    {
        _grid.Start(GridBench.TwoReplicas, "a", "b", "c");
        _grid.At("a").Streams = 3;
        _grid.At("b").MaxNumSeqs = _grid.At("c").MaxNumSeqs = 1;
        _grid.Run(1);
        var operation = _grid.Drain("a", timeout: 5);
        _grid.Run(15);
        operation = _grid.Operation(operation.Id);
        Assert.Equal("Blocked", operation.State);
        Assert.Equal("3 streams and 1 shard left past the deadline; m/r0: 3 streams, room for 2 elsewhere", operation.Message);
    }

    [Fact]
    public void Drain_NoCapacity_IsRefusedWithNumbers()
    {
        _grid.Start(GridBench.TwoReplicas, "a", "b");
        var fault = _grid.Ask(new GridEvent.DrainAsked("a", new DrainRequest(null, false, false), "admin")).Fault!;
        Assert.Equal((409, "no_capacity"), (fault.Status, fault.Code));
        Assert.Contains(
            "1 of 1 replicas would find no place; a replica of m needs 1 x 5 GiB on one device each; 1 nodes: most free: 3 GiB on b/sim:0",
            fault.Message, StringComparison.Ordinal);
        Assert.False(_grid.Node("a").Cordoned);
    }

    [Fact]
    public void Drain_SecondOnTopOfTheFirst_CountsWhatTheFirstNeeds()
    {
        _grid.Start(GridBench.TwoReplicas, "a", "b", "c");
        _grid.Loads = false;
        Assert.Equal("Running", _grid.Drain("a").State);
        var fault = _grid.Ask(new GridEvent.DrainAsked("b", new DrainRequest(null, false, false), "admin")).Fault!;
        Assert.Equal("no_capacity", fault.Code);
    }

    [Fact]
    public void Drain_BelowMinAvailable_IsRefusedUnlessForced()
    {
        _grid.Start(GridBench.TwoReplicas with { MinAvailable = 2 }, "a", "b");
        _grid.At("a").Streams = 4;
        _grid.Run(1);
        var preview = _grid.Controller.PreviewDrain("a", new DrainRequest(null, false, true)).Value!;
        Assert.Equal((false, 4, null), (preview.Allowed, preview.Streams, Assert.Single(preview.Moves).To));
        Assert.Contains("minAvailable is 2, and 1 of 2 replicas would be left", Assert.Single(preview.Reasons), StringComparison.Ordinal);
        Assert.Equal("min_available", _grid.Ask(new GridEvent.DrainAsked("a", new DrainRequest(null, false, false), "admin")).Fault!.Code);

        var forced = _grid.Drain("a", force: true);
        Assert.Contains("4 streams on a are cut", forced.Message, StringComparison.Ordinal);
        _grid.At("a").Streams = 0;
        _grid.Run(40);
        Assert.Equal("Succeeded", _grid.Operation(forced.Id).State);
    }

    [Fact]
    public void Drain_TwoAtOnce_HaveTheirTurnOneAfterTheOther()
    {
        _grid.Start(GridBench.TwoReplicas, "a", "b", "c", "d");
        _grid.At("a").Streams = 1;
        _grid.Run(1);
        var (first, second) = (_grid.Drain("a"), _grid.Drain("b"));
        _grid.Run();
        Assert.Equal($"{second.Id} waits for another drain", _grid.Node("b").Message);
        Assert.Equal("b", _grid.Model().Replicas.Single(r => r.Id == ReplicaId.Parse("m/r1")).Ranks[0].Node);
        _grid.At("a").Streams = 0;
        _grid.Run(16);
        Assert.Equal(("Succeeded", "Succeeded"), (_grid.Operation(first.Id).State, _grid.Operation(second.Id).State));
    }

    [Fact]
    public void Cancel_Drain_TakesTheReplicaBackAndLiftsTheCordon()
    {
        _grid.Start(GridBench.TwoReplicas, "a", "b", "c");
        _grid.At("a").Streams = 1;
        _grid.Run(1);
        var operation = _grid.Drain("a");
        _grid.Run(4);
        Assert.Null(_grid.Ask(new GridEvent.OperationCancelled(operation.Id, "admin")).Fault);
        _grid.At("a").Streams = 0;
        _grid.Run(10);
        Assert.Equal(("Cancelled", NodeState.Ready, false),
            (_grid.Operation(operation.Id).State, _grid.Node("a").State, _grid.Node("a").Cordoned));
        Assert.Equal(("Ready", 2), (_grid.Model().State, _grid.Model().Replicas.Length));
    }
}
