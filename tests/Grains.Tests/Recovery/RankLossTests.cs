using Grid.Abstractions.Admin;
using Grid.Abstractions.Configuration;
using Grid.Abstractions.Replicas;
using Grid.Grains.Tests.Control;

namespace Grid.Grains.Tests.Recovery;

/// <summary>Nodes a to e with one device of 8 GiB, each with room for one shard: dp0, dp1 on a, b; ep0, ep1 on c, d.</summary>
public sealed class RankLossTests
{
    private static readonly ModelSpec Spec = new("m", "sim", 1, null, 1, 1, TimeSpan.FromSeconds(10),
        new ParallelismSpec(false, Data: 2, Expert: 2), Sim: new SimSpec(WeightsBytes: 5L << 30));

    private readonly GridBench _grid = new();

    [Theory]
    [InlineData("a", 0)]
    [InlineData("b", 1)]
    public void Handle_NodeOfARankDead_OthersServeOnAndItIsPlacedAnew(string node, int rank)
    {
        Start("a", "b", "c", "d", "e");
        var before = Plan();
        _grid.Loads = false;
        _grid.Die(node);
        _grid.Run(2);
        Assert.Equal((before.Epoch, "e", 1), (Plan().Epoch, Place(rank).Node, Place(rank).Generation));
        Assert.Equal(before.Shards.Where(s => s.Node != node), Plan().Shards.Where(s => s.Node != "e"));
        Assert.Equal([$"m/r0/dp{1 - rank}"], Serving());
        Assert.Equal(("Ready", 1), (_grid.Model().Replicas[0].State, _grid.Model().Ready));
        Assert.Equal($"dp{rank}: {node} is gone", Event("RankLost").Message);
        _grid.Loads = true;
        _grid.Run(3);
        Assert.Equal(["m/r0/dp0", "m/r0/dp1"], Serving());
        Assert.Equal((0L, 5L << 30), (_grid.Node(node).Devices[0].ReservedBytes, _grid.Node("e").Devices[0].ReservedBytes));
    }

    [Fact]
    public void Handle_RankFails_WaitsBeforeItIsPlacedAgain()
    {
        Start("a", "b", "c", "d", "e");
        var epoch = Plan().Epoch;
        _grid.At("b").Fail(ShardId.Parse("dp1/pp0/tp0"));
        _grid.Report("b");
        Assert.Equal(["m/r0/dp0"], Serving());
        Assert.Contains("by hand", Event("RankLost").Message, StringComparison.Ordinal);
        _grid.Run();
        Assert.Equal((epoch, "e", 1), (Plan().Epoch, Place(1).Node, Place(1).Generation));
        Assert.Equal(["m/r0/dp0", "m/r0/dp1"], Serving());
        Assert.Empty(_grid.Node("b").Shards);
    }

    [Fact]
    public void Handle_RanksLostOneAfterTheOther_KeepsTheEpochWhileOneServes()
    {
        Start("a", "b", "c", "d", "e");
        var epoch = Plan().Epoch;
        foreach (var node in (string[])["a", "b"])
        {
            _grid.Die(node);
            _grid.Join($"after {node}");
            _grid.Run();
        }

        Assert.Equal((epoch, 1, 2), (Plan().Epoch, Place(0).Generation, Place(1).Generation));
        Assert.Equal(["m/r0/dp0", "m/r0/dp1"], Serving());
    }

    [Fact]
    public void Handle_RankLostWhileTheOtherLoads_GivesTheReplicaUp()
    {
        Start("a", "b", "c", "d", "e", "f");
        var epoch = Plan().Epoch;
        _grid.Loads = false;
        _grid.Die("a");
        _grid.Run(2);
        _grid.Die("b");
        _grid.Run(1);
        Assert.Empty(Serving());
        _grid.Loads = true;
        _grid.Join("a");
        _grid.Run();
        Assert.True(Plan().Epoch > epoch);
        Assert.Equal(["m/r0/dp0", "m/r0/dp1"], Serving());
    }

    [Fact]
    public void Handle_AllRanksLostAtOnce_GivesTheReplicaUp()
    {
        _grid.Join("a", devices: 2);
        foreach (var node in (string[])["c", "d"]) _grid.Join(node);
        Apply();
        Assert.Equal(["a", "a"], [Place(0).Node, Place(1).Node]);
        var epoch = Plan().Epoch;
        _grid.Die("a");
        foreach (var node in (string[])["b", "e"]) _grid.Join(node);
        _grid.Run(12);
        Assert.True(Plan().Epoch > epoch);
        Assert.Equal(["m/r0/dp0", "m/r0/dp1"], Serving());
    }

    [Fact]
    public void Handle_NoPlaceForALostRank_SaysSoAndServesOn()
    {
        Start("a", "b", "c", "d");
        var epoch = Plan().Epoch;
        _grid.Die("b");
        _grid.Run(60);
        Assert.Equal((epoch, "Ready", "Unschedulable"), (Plan().Epoch, _grid.Model().Replicas[0].State, _grid.Model().Replicas[0].Reason));
        Assert.Equal(["m/r0/dp0"], Serving());
        _grid.Join("e");
        _grid.Run();
        Assert.Equal(["m/r0/dp0", "m/r0/dp1"], Serving());
        Assert.Null(_grid.Model().Replicas[0].Reason);
    }

    [Fact]
    public void Handle_StoreAway_RoutesPastTheDeadRank()
    {
        Start("a", "b", "c", "d", "e");
        _grid.StoreAway = true;
        _grid.Die("b");
        _grid.Run(4);
        Assert.Equal(["m/r0/dp0"], Serving());
        _grid.StoreAway = false;
        _grid.Run();
        Assert.Equal(("e", 1), (Place(1).Node, Place(1).Generation));
        Assert.Equal(["m/r0/dp0", "m/r0/dp1"], Serving());
    }

    [Fact]
    public void Handle_RankLostWhileItsReplicaIsDrained_LeavesTheOthersTheirStreams()
    {
        Start("a", "b", "c", "d");
        var epoch = Plan().Epoch;
        _grid.At("a").Streams = 3;
        _grid.Run(1);
        _grid.Apply();
        _grid.Run(2);
        _grid.Die("b");
        _grid.Run(2);
        var record = _grid.Controller.Store.Plans[epoch];
        Assert.Equal((ReplicaTarget.Drain, false, 3), (record.Target, record.Abandoned, record.Plan.Shards.Length));
        _grid.At("a").Streams = 0;
        _grid.Run();
        Assert.Empty(_grid.Controller.Store.Plans);
        Assert.Empty(_grid.Controller.Store.Ledger.All);
    }

    [Fact]
    public void Handle_RankWaitsLong_TellsItOnceAWait()
    {
        Start("a", "b", "c", "d");
        foreach (var waits in new[] { "receive step 7 waits for rank pp1/tp0 (d)", null, "receive step 7 waits for rank pp1/tp0 (d)",
            "receive step 9 waits for rank pp1/tp0 (d)" })
        {
            _grid.At("b").Waits = waits;
            _grid.Run(3);
        }

        Assert.Equal(("replica/m/r0", "dp1: receive step 9 waits for rank pp1/tp0 (d)"),
            (Event("RankStalled").Object, Event("RankStalled").Message));
        Assert.Equal(3, _grid.Controller.GetEvents(0, int.MaxValue).Where(e => e.Reason == "RankStalled").Sum(e => e.Count));
        Assert.Equal(["m/r0/dp0", "m/r0/dp1"], Serving());
    }

    private void Start(params string[] nodes)
    {
        foreach (var node in nodes) _grid.Join(node);
        Apply();
    }

    private void Apply()
    {
        _grid.Apply(Spec);
        _grid.Run();
        Assert.Equal(["m/r0/dp0", "m/r0/dp1"], Serving());
    }

    private string[] Serving() =>
        [.. _grid.Controller.GetRoutingTable()!.Models.Single().Ranks.Where(rank => rank.Accepting).Select(rank => rank.Id.ToString())];

    private ReplicaPlan Plan() => _grid.Controller.Store.Current("m", 0)!.Plan;

    private ShardPlan Place(int rank) => Plan().Shards.Single(s => s.Shard == ShardId.DriverOf(rank));

    private GridEventView Event(string reason) => _grid.Controller.GetEvents(0, int.MaxValue).Last(e => e.Reason == reason);
}
