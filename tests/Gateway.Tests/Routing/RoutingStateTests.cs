using Grid.Gateway.Ranks;
using Grid.Gateway.Tests.Fakes;
using Yarp.ReverseProxy;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Model;

namespace Grid.Gateway.Tests.Routing;

/// <summary>The routing table in YARP's state.</summary>
public sealed class RoutingStateTests
{
    [Fact]
    public void Table_BecomesAClusterForEachModel_AndADestinationForEachRank()
    {
        var bed = new RoutingBed("round-robin", RoutingBed.Ranks(2));
        var cluster = bed.Routing.ClusterOf("m")!;
        Assert.Equal("round-robin", cluster.Model.Config.LoadBalancingPolicy);
        var destination = cluster.Destinations.Values.Select(state => state.Model.Config)
            .Single(config => config.Address == "http://127.0.0.1:2");
        Assert.Equal(
            [("epoch", "1"), ("rank", "m/r1/dp1"), ("replica", "m/r1")],
            destination.Metadata!.Select(pair => (pair.Key, pair.Value)).Order());
    }

    [Fact]
    public void Table_OfOtherLoads_ChangesNoConfiguration()
    {
        var bed = new RoutingBed("least-load", RoutingBed.Ranks(2));
        var config = bed.Get<IProxyConfigProvider>().GetConfig();
        var model = bed.Routing.ClusterOf("m")!.Model;
        bed.Set(RoutingBed.Rank(0, running: 7), RoutingBed.Rank(1, queuedTokens: 100));
        Assert.Same(config, bed.Get<IProxyConfigProvider>().GetConfig());
        Assert.False(config.ChangeToken.HasChanged);
        Assert.Same(model, bed.Routing.ClusterOf("m")!.Model);
        Assert.Equal((7, 100), (bed.States[0].Load.Choices, bed.States[1].Load.Tokens));
    }

    [Fact]
    public void Table_WithARankMore_KeepsTheStateOfTheOthers()
    {
        var bed = new RoutingBed("least-load", RoutingBed.Ranks(2));
        bed.Report(0, AttemptResult.Broken);
        var (before, state) = (bed.Bound[0].Destination, bed.States[0]);
        bed.Set(RoutingBed.Ranks(3));
        Assert.Equal((3, before, state), (bed.Bound.Length, bed.Bound[0].Destination, bed.States[0]));
        Assert.Equal(DestinationHealth.Unhealthy, before.Health.Passive);
    }

    [Fact]
    public void Table_WithoutAModel_RemovesItsCluster()
    {
        var bed = new RoutingBed("least-load", RoutingBed.Ranks(2));
        bed.Set([RoutingBed.Model("n", RoutingBed.Ranks(1))]);
        Assert.Null(bed.Routing.ClusterOf("m"));
        Assert.NotNull(bed.Routing.ClusterOf("n"));
        Assert.Equal(2, bed.Get<IProxyStateLookup>().GetClusters().Count());
    }

    [Fact]
    public void Models_ThatDifferByCaseAlone_HaveTheirOwnClusters()
    {
        var bed = new RoutingBed("least-load");
        bed.Set([RoutingBed.Model("M", RoutingBed.Rank(0)), RoutingBed.Model("m", RoutingBed.Rank(1))]);
        Assert.Equal("node-1", bed.Choose(RoutingBed.Query()));
        Assert.Equal("node-0", bed.Choose(RoutingBed.Query() with { Model = "M" }));
    }

    [Fact]
    public void Rank_ThatDoesNotAccept_IsUnhealthyUntilItDoes()
    {
        var bed = new RoutingBed("least-load", RoutingBed.Rank(0), RoutingBed.Rank(1) with { Accepting = false });
        var cluster = bed.Routing.ClusterOf("m")!;
        Assert.Equal((2, 1), (cluster.DestinationsState.AllDestinations.Count, cluster.DestinationsState.AvailableDestinations.Count));
        bed.Set(RoutingBed.Ranks(2));
        Assert.Equal(2, cluster.DestinationsState.AvailableDestinations.Count);
    }

    [Fact]
    public void Loss_OfOneRank_IsALossOfItsProcess()
    {
        var one = RoutingBed.Rank(0);
        var bed = new RoutingBed("least-load", one, RoutingBed.Rank(1) with { Url = one.Url }, RoutingBed.Rank(2));
        bed.Report(0, AttemptResult.Stalled);
        Assert.Equal("node-2", bed.Choose(RoutingBed.Query()));
        Assert.Equal("node-2", bed.Choose(RoutingBed.Query()));
    }
}
