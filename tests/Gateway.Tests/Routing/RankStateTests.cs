using Grid.Gateway.Routing;

namespace Grid.Gateway.Tests.Routing;

public sealed class RankStateTests
{
    [Fact]
    public void Load_AfterAReport_CountsNoDispatchTwice()
    {
        var bed = new RoutingBed("least-load", RoutingBed.Rank(0));
        var old = bed.Router.TryRoute(RoutingBed.Query())!;
        bed.Time.Advance(TimeSpan.FromSeconds(2));
        var young = bed.Router.TryRoute(RoutingBed.Query())!;
        // The report has the first one; the second may be too young for it.
        bed.Set(RoutingBed.Rank(0, running: 1));
        Assert.Equal(2, old.Rank.Load.Requests);
        old.Dispose();
        Assert.Equal(1, old.Rank.Load.Requests);
        young.Dispose();
        young.Dispose();
        Assert.Equal((0, 0), (old.Rank.Load.Requests, old.Rank.InFlight));
    }

    [Fact]
    public void Load_AfterAllHaveEnded_IsNothing()
    {
        const int Seed = 5;
        var random = new Random(Seed);
        var bed = new RoutingBed("least-load", RoutingBed.Ranks(3));
        var open = new List<Dispatch>();
        for (var i = 0; i < 2000; i++)
        {
            if (random.Next(2) == 0 && bed.Router.TryRoute(RoutingBed.Query(new string('x', random.Next(1000)))) is { } dispatch) open.Add(dispatch);
            if (random.Next(3) == 0 && open.Count > 0) open[random.Next(open.Count)].Started();
            if (random.Next(2) == 0 && open.Count > 0)
            {
                var index = random.Next(open.Count);
                open[index].Dispose();
                open.RemoveAt(index);
            }

            bed.Time.Advance(TimeSpan.FromMilliseconds(random.Next(100)));
            if (random.Next(20) == 0) bed.Set(RoutingBed.Ranks(3));
        }

        foreach (var dispatch in open) dispatch.Dispose();
        bed.Set(RoutingBed.Ranks(3));
        Assert.All(bed.Model.Ranks, rank => Assert.True(rank.Load == default && rank.InFlight == 0, $"seed {Seed}: {rank.Id} keeps {rank.Load}"));
    }

    [Fact]
    public void Table_OfANewEpoch_ForgetsWhatWasMet()
    {
        var bed = new RoutingBed("least-load", RoutingBed.Rank(0));
        bed.Model.Ranks[0].Health.Lost();
        Assert.Null(bed.Choose(RoutingBed.Query()));
        bed.Set(RoutingBed.Rank(0));
        Assert.Null(bed.Choose(RoutingBed.Query()));
        bed.Set(RoutingBed.Rank(0) with { Epoch = 2 });
        Assert.NotNull(bed.Choose(RoutingBed.Query()));
    }

    [Fact]
    public void Table_OfANewPlaceUnderTheSameEpoch_ForgetsWhatWasMet()
    {
        var bed = new RoutingBed("least-load", RoutingBed.Rank(0));
        using var old = bed.Router.TryRoute(RoutingBed.Query())!;
        bed.Model.Ranks[0].Health.Lost();
        bed.Set(RoutingBed.Rank(0) with { Node = "node-9", Url = "http://127.0.0.1:9" });
        Assert.Equal("node-9", bed.Choose(RoutingBed.Query()));
        Assert.Equal(1, bed.Model.Ranks[0].InFlight);
    }

    [Fact]
    public void Health_AfterALoss_RestsAndComesBack()
    {
        var bed = new RoutingBed("least-load", RoutingBed.Rank(0));
        bed.Model.Ranks[0].Health.Lost();
        Assert.Null(bed.Choose(RoutingBed.Query()));
        bed.Time.Advance(TimeSpan.FromSeconds(2));
        Assert.NotNull(bed.Choose(RoutingBed.Query()));
        bed.Model.Ranks[0].Health.Lost();
        bed.Time.Advance(TimeSpan.FromSeconds(2));
        Assert.Null(bed.Choose(RoutingBed.Query()));
    }

    [Fact]
    public void Health_AfterServerErrors_RestsOnlyWhenTheyAreInARow()
    {
        var bed = new RoutingBed("least-load", RoutingBed.Rank(0));
        var health = bed.Model.Ranks[0].Health;
        health.Failed();
        health.Failed();
        health.Succeeded();
        health.Failed();
        health.Failed();
        Assert.False(health.IsSuspect);
        health.Failed();
        Assert.True(health.IsSuspect);
    }
}
