using Grid.Abstractions.Configuration;
using Grid.Abstractions.Replicas;
using Grid.Grains.Placement;
using Grid.Grains.Records;
using Grid.Grains.Store;
using static Grid.Grains.Tests.Plans;

namespace Grid.Grains.Tests.Placement;

public sealed class PlacerTests
{
    private readonly Ledger _ledger = new();

    [Fact]
    public void Place_OneShard_TakesTheEmptiestNode()
    {
        _ledger.Reserve(new Reservation("a", DeviceId.Sim(0), ReplicaId.Parse("x/r0"), 1, ShardId.Parse("dp0/pp0/tp0"), 1L << 30));
        Assert.Equal("b", Assert.Single(Place(Request(), Node(Report("a")), Node(Report("b"))).Shards!).Node);
    }

    [Fact]
    public void Place_Spread_AvoidsNodesOfTheSameModel()
    {
        _ledger.Reserve(new Reservation("b", DeviceId.Sim(0), ReplicaId.Parse("x/r0"), 1, ShardId.Parse("dp0/pp0/tp0"), 2L << 30));
        var request = Request() with { Occupied = new Dictionary<string, int> { ["a"] = 1 } };
        Assert.Equal("b", Assert.Single(Place(request, Node(Report("a")), Node(Report("b"))).Shards!).Node);
    }

    [Fact]
    public void Place_FailedBefore_PrefersAnotherNode() =>
        Assert.Equal("b",
        Assert.Single(Place(Request() with { Avoid = new HashSet<string> { "a" } }, Node(Report("a")), Node(Report("b"))).Shards!).Node);

    [Fact]
    public void Place_Tensor_KeepsAReplicaOnOneNodeAndDevicesApart()
    {
        var shards = Place(Request(new ReplicaLayout(Tensor: 2)), Node(Report("a")), Node(Report("b", devices: 2))).Shards!;
        Assert.Equal([("b", DeviceId.Sim(0), ShardId.Parse("dp0/pp0/tp0")), ("b", DeviceId.Sim(1), ShardId.Parse("dp0/pp0/tp1"))],
            shards.Select(s => (s.Node, s.Device, s.Shard)));
    }

    [Fact]
    public void Place_TensorTooWideForANode_SpreadsOverNodes() =>
        Assert.Equal(["a", "b"],
        Place(Request(new ReplicaLayout(Tensor: 2)), Node(Report("a")), Node(Report("b"))).Shards!.Select(s => s.Node).Order());

    [Fact]
    public void Place_Nothing_SaysWhatWasMissingWithNumbers()
    {
        _ledger.Reserve(new Reservation("c", DeviceId.Sim(0), ReplicaId.Parse("x/r0"), 1, ShardId.Parse("dp0/pp0/tp0"), 7L << 30));
        var request = Request() with { Checksum = "sha256:1", Source = "folder", Rules = new PlacementSpec(new() { ["gpu"] = "yes" }) };
        var missing = Place(request,
            Node(Report("a", checksum: "sha256:1", labels: "gpu"), "cordoned"), Node(Report("b")),
            Node(Report("c", checksum: "sha256:1", labels: "gpu")), Node(Report("d", checksum: "sha256:2", labels: "gpu"))).Missing!;
        Assert.Equal(
            "m/r0 needs 1 x 2 GiB on one device each; 4 nodes: 1 cordoned (a), 1 with other files (sha256:2 instead of sha256:1) (d), 1 "
            + "without label gpu=yes (b), most free: 1 GiB on c/sim:0", missing);
    }

    [Fact]
    public void Place_OnlyOneShardBesideOthers_TakesADeviceThatNoneOfThemHas()
    {
        var request = Request(new ReplicaLayout(Tensor: 2))
            with
        {
            Only = [ShardId.Parse("dp0/pp0/tp1")],
            Beside = [new ShardPlan(ShardId.Parse("dp0/pp0/tp0"), "a", "a#1", "a:1", DeviceId.Sim(0), 2L << 30)]
        };
        Assert.Equal(("a", DeviceId.Sim(1), ShardId.Parse("dp0/pp0/tp1")),
            Place(request, Node(Report("a", devices: 2))).Shards!.Select(s => (s.Node, s.Device, s.Shard)).Single());
        Assert.NotNull(Place(request, Node(Report("a"))).Missing);
    }

    [Fact]
    public void Place_ShardsOfUnequalSize_PutsTheSmallOnTheSmallDevice()
    {
        _ledger.Reserve(new Reservation("a", DeviceId.Sim(1), ReplicaId.Parse("x/r0"), 1, ShardId.Parse("dp0/pp0/tp0"), 6L << 30));
        var shape = new ReplicaShape(new ReplicaLayout(Pipeline: 2), null,
            [new ShardNeed(ShardId.Parse("dp0/pp0/tp0"), 1L << 30, 0), new ShardNeed(ShardId.Parse("dp0/pp1/tp0"), 5L << 30, 0)]);
        Assert.Equal([DeviceId.Sim(1), DeviceId.Sim(0)],
            Place(Request() with { Shape = shape }, Node(Report("a", devices: 2))).Shards!.Select(s => s.Device));
    }

    [Fact]
    public void Place_ExpertShards_StandBesideRanksAndApartFromOneAnother() => Assert.Equal(
        [DeviceId.Sim(0), DeviceId.Sim(1), DeviceId.Sim(0), DeviceId.Sim(1)],
        Place(Request(new ReplicaLayout(Data: 2, Expert: 2)), Node(Report("a", devices: 2))).Shards!.Select(s => s.Device));

    [Fact]
    public void Ledger_ReserveTwiceAndRelease_CountsOnce()
    {
        var reservation = new Reservation("a", DeviceId.Sim(0), ReplicaId.Parse("m/r0"), 1, ShardId.Parse("dp0/pp0/tp0"), 5);
        _ledger.Reserve(reservation);
        _ledger.Reserve(reservation);
        Assert.Equal(5, _ledger.Reserved("a", DeviceId.Sim(0)));
        _ledger.Reserve(reservation with { Epoch = 2 });
        Assert.Equal(10, _ledger.Reserved("a", DeviceId.Sim(0)));
        _ledger.Release(reservation);
        _ledger.Release(reservation);
        Assert.Equal(5, _ledger.Reserved("a", DeviceId.Sim(0)));
        _ledger.Release(reservation with { Epoch = 2 });
        Assert.Equal((0, 0), (_ledger.Reserved("a", DeviceId.Sim(0)), _ledger.All.Count));
    }

    private PlacementResult Place(PlacementRequest request, params NodeRecord[] nodes) => Placer.Place(request, nodes, _ledger);

    private static PlacementRequest Request(ReplicaLayout? layout = null) =>
        new("m/r0", "sim", null, Shape(layout ?? new ReplicaLayout()), new ModelSize(new ModelSpec("m", "sim", 1, null, 1), null), null,
        new Dictionary<string, int>(), new HashSet<string>());

    private static ReplicaShape Shape(ReplicaLayout layout) =>
        new(layout, null, [.. ReplicaShape.ShardsOf(layout).Select(name => new ShardNeed(name, 2L << 30, 0))]);
}
