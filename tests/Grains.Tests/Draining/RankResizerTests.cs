using Grid.Abstractions.Configuration;
using Grid.Abstractions.Replicas;
using Grid.Grains.Tests.Control;

namespace Grid.Grains.Tests.Draining;

public sealed class RankResizerTests
{
    private static readonly ModelSpec Spec = new("m", "sim", 1, null, 1, 1, TimeSpan.FromSeconds(10),
        new ParallelismSpec(false, Data: 1, Expert: 2), Sim: new SimSpec(WeightsBytes: 5L << 30));

    private readonly GridBench _grid = new();

    [Fact]
    public void Apply_MoreRanks_AddsThemUnderTheSameEpoch()
    {
        Start(1, "a", "b", "c", "d", "e");
        var before = Plan();
        _grid.Loads = false;
        Resize(2);
        Assert.Equal((before.Epoch, before.Revision, 2), (Plan().Epoch, Plan().Revision, Plan().Layout.Data));
        Assert.Equal(
            [(ShardId.Parse("dp0/pp0/tp0"), 0), (ShardId.Parse("dp1/pp0/tp0"), 1), (ShardId.Parse("ep0"), 0), (ShardId.Parse("ep1"), 0)],
            Plan().Shards.Select(s => (s.Shard, s.Generation)));
        Assert.Equal(["m/r0/dp0"], Serving());
        Assert.Equal((1L, 2L), (_grid.Controller.GetStatus("redis").ObservedVersion, _grid.Controller.GetStatus("redis").ConfigVersion));
        _grid.Loads = true;
        _grid.Run(3);
        Assert.Equal(["m/r0/dp0", "m/r0/dp1"], Serving());
        Assert.Equal((2L, "Ready"), (_grid.Controller.GetStatus("redis").ObservedVersion, _grid.Model().State));
        Assert.Equal(2, _grid.Model().Replicas[0].Strategy.Data);
        Assert.DoesNotContain(_grid.Controller.Operations, o => o.Kind == "Rollout");
    }

    [Fact]
    public void Apply_FewerRanks_LetsTheHighestGoWhenItIsEmpty()
    {
        Start(2, "a", "b", "c", "d");
        var epoch = Plan().Epoch;
        _grid.At("b").Streams = 3;
        _grid.Run(1);
        Resize(1);
        Assert.Equal(["m/r0/dp0"], Serving());
        Assert.Equal(["m/r0/dp0", "m/r0/dp1"], Routed());
        Assert.Equal("Draining", Assert.Single(_grid.Node("b").Shards).State);
        _grid.At("b").Streams = 0;
        _grid.Run(3);
        Assert.Equal((epoch, 3), (Plan().Epoch, Plan().Shards.Length));
        Assert.Equal((0, 0L), (_grid.Node("b").Shards.Length, _grid.Node("b").Devices[0].ReservedBytes));
        Assert.Equal(["m/r0/dp0"], Routed());
        Assert.Equal([ShardId.Parse("dp0/pp0/tp0"), ShardId.Parse("ep0"), ShardId.Parse("ep1")],
            _grid.At("a").Table.Plans()[0].Shards.Select(s => s.Shard));
    }

    [Theory]
    [InlineData(64, true)]
    [InlineData(2, false)]
    public void Apply_FewerRanksWithStreams_HandsThemOverAtTheDeadlineWhereThereIsRoom(int maxNumSeqs, bool goes)
    {
        Start(2, "a", "b", "c", "d");
        _grid.At("b").Streams = 3;
        _grid.At("a").MaxNumSeqs = maxNumSeqs;
        _grid.Run(1);
        Resize(1);
        _grid.Run(5);
        Assert.Equal(4, Plan().Shards.Length);
        _grid.Run(5);
        Assert.Equal(goes ? 3 : 4, Plan().Shards.Length);
    }

    [Fact]
    public void Apply_BackBeforeTheRankIsGone_TakesItBack()
    {
        Start(2, "a", "b", "c", "d");
        _grid.At("b").Streams = 3;
        _grid.Run(1);
        Resize(1);
        Resize(2);
        _grid.Run(2);
        Assert.Equal(("Ready", 0), (Assert.Single(_grid.Node("b").Shards).State, Plan().Shards[1].Generation));
        Assert.Equal(["m/r0/dp0", "m/r0/dp1"], Serving());
    }

    [Fact]
    public void Apply_BackAfterTheRankIsGone_RaisesItsGeneration()
    {
        Start(2, "a", "b", "c", "d");
        Resize(1);
        _grid.Run();
        Resize(2);
        _grid.Run();
        Assert.Equal((ShardId.Parse("dp1/pp0/tp0"), 1), (Plan().Shards[1].Shard, Plan().Shards[1].Generation));
        Assert.Equal(["m/r0/dp0", "m/r0/dp1"], Serving());
        Assert.Equal(5L << 30, _grid.Node(Plan().Shards[1].Node).Devices[0].ReservedBytes);
    }

    [Fact]
    public void Handle_AddedRankFailsBeforeItJoins_LeavesTheOthers()
    {
        Start(1, "a", "b", "c", "d", "e");
        var epoch = Plan().Epoch;
        _grid.Loads = false;
        Resize(2);
        var node = Plan().Shards[1].Node;
        _grid.Die(node);
        _grid.Run(2);
        Assert.Equal((epoch, 2), (Plan().Epoch, Plan().Shards[1].Generation));
        Assert.NotEqual(node, Plan().Shards[1].Node);
        Assert.Equal(["m/r0/dp0"], Serving());
    }

    [Fact]
    public void Handle_LeavingRankLost_LeavesTheOthers()
    {
        Start(2, "a", "b", "c", "d");
        var epoch = Plan().Epoch;
        _grid.At("b").Streams = 3;
        _grid.Run(1);
        Resize(1);
        _grid.Die("b");
        _grid.Run(2);
        Assert.Equal((epoch, 3), (Plan().Epoch, Plan().Shards.Length));
        Assert.Equal(["m/r0/dp0"], Serving());
    }

    [Fact]
    public void Apply_NoPlaceForARank_SaysSoAndServesOn()
    {
        Start(1, "a", "b", "c");
        Resize(2);
        _grid.Run(40);
        Assert.Equal(("Ready", "Unschedulable"), (_grid.Model().Replicas[0].State, _grid.Model().Replicas[0].Reason));
        Assert.Equal(["m/r0/dp0"], Serving());
        _grid.Join("d");
        _grid.Run();
        Assert.Equal(["m/r0/dp0", "m/r0/dp1"], Serving());
        Assert.Null(_grid.Model().Replicas[0].Reason);
    }

    [Fact]
    public void Apply_DataOfAModelWithoutExpertShards_IsARollout()
    {
        foreach (var node in (string[])["a", "b", "c", "d"]) _grid.Join(node);
        _grid.Apply(Spec with { Parallelism = new ParallelismSpec(false, Data: 1) });
        _grid.Run();
        var epoch = Plan().Epoch;
        _grid.Apply(Spec with { Parallelism = new ParallelismSpec(false, Data: 2) });
        _grid.Run(20);
        Assert.Contains(_grid.Controller.Operations, o => o is { Kind: "Rollout", State: "Succeeded" });
        Assert.True(_grid.Controller.Store.Plans.Keys.Single() > epoch);
    }

    private void Start(int data, params string[] nodes)
    {
        foreach (var node in nodes) _grid.Join(node);
        Resize(data);
        _grid.Run();
    }

    private void Resize(int data)
    {
        _grid.Apply(Spec with { Parallelism = Spec.Parallelism! with { Data = data } });
        _grid.Run(2);
    }

    private string[] Serving() =>
        [.. _grid.Controller.GetRoutingTable()!.Models.Single().Ranks.Where(rank => rank.Accepting).Select(rank => rank.Id.ToString())];

    private string[] Routed() => [.. _grid.Controller.GetRoutingTable()!.Models.Single().Ranks.Select(rank => rank.Id.ToString())];

    private ReplicaPlan Plan() => _grid.Controller.Store.Current("m", 0)!.Plan;
}
