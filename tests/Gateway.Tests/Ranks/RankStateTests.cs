using Grid.Gateway.Ranks;
using Grid.Gateway.Tests.Fakes;

namespace Grid.Gateway.Tests.Ranks;

public sealed class RankStateTests
{
    [Fact]
    public void Load_AfterAReport_CountsNoDispatchTwice()
    {
        var bed = new RoutingBed("least-load", RoutingBed.Rank(0));
        var old = bed.TryDispatch(RoutingBed.Query())!;
        bed.Time.Advance(TimeSpan.FromSeconds(2));
        var young = bed.TryDispatch(RoutingBed.Query())!;
        // The report has the first one; the second may be too young for it.
        bed.Set(RoutingBed.Rank(0, running: 1));
        Assert.Equal(2, old.Rank.Load.Choices);
        old.Dispose();
        Assert.Equal(1, old.Rank.Load.Choices);
        young.Dispose();
        young.Dispose();
        Assert.Equal((0, 0), (old.Rank.Load.Choices, old.Rank.InFlight));
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
            if (random.Next(2) == 0 && bed.TryDispatch(RoutingBed.Query(new string('x', random.Next(1000)))) is { } dispatch)
                open.Add(dispatch);
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
        Assert.All(bed.States,
            rank => Assert.True(rank.Load == default && rank.InFlight == 0, $"seed {Seed}: {rank.Id} keeps {rank.Load}"));
    }

    [Fact]
    public void Table_OfANewEpoch_ForgetsWhatWasMet()
    {
        var bed = new RoutingBed("least-load", RoutingBed.Rank(0));
        bed.Report(0, AttemptResult.Broken);
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
        using var old = bed.TryDispatch(RoutingBed.Query())!;
        bed.Report(0, AttemptResult.Broken);
        bed.Set(RoutingBed.Rank(0) with { Node = "node-9", Url = "http://127.0.0.1:9" });
        Assert.Equal("node-9", bed.Choose(RoutingBed.Query()));
        Assert.Equal(1, bed.States[0].InFlight);
    }

    [Fact]
    public void Health_AfterALoss_RestsAndComesBack()
    {
        var bed = new RoutingBed("least-load", RoutingBed.Rank(0));
        bed.Report(0, AttemptResult.Broken);
        Assert.Null(bed.Choose(RoutingBed.Query()));
        bed.Time.Advance(TimeSpan.FromSeconds(2));
        Assert.NotNull(bed.Choose(RoutingBed.Query()));
        bed.Report(0, AttemptResult.Broken);
        bed.Time.Advance(TimeSpan.FromSeconds(2));
        Assert.Null(bed.Choose(RoutingBed.Query()));
    }

    [Fact]
    public void Health_AfterServerErrors_RestsOnlyWhenTheyAreInARow()
    {
        var bed = new RoutingBed("least-load", RoutingBed.Rank(0));
        bed.Report(0, AttemptResult.Failed);
        bed.Report(0, AttemptResult.Failed);
        bed.States[0].Health.Succeeded();
        bed.Report(0, AttemptResult.Failed);
        bed.Report(0, AttemptResult.Failed);
        Assert.NotNull(bed.Choose(RoutingBed.Query()));
        bed.Report(0, AttemptResult.Failed);
        Assert.Null(bed.Choose(RoutingBed.Query()));
    }

    [Fact]
    public void Health_AfterARefusal_RestsForASecond()
    {
        var bed = new RoutingBed("least-load", RoutingBed.Rank(0));
        bed.Report(0, AttemptResult.Refused);
        Assert.Null(bed.Choose(RoutingBed.Query()));
        bed.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.NotNull(bed.Choose(RoutingBed.Query()));
    }
}
