using Grid.Cli.Bench;

namespace Grid.Cli.Tests.Bench;

public sealed class ArrivalTimesTests
{
    [Fact]
    public void Draw_InfiniteRate_SendsAllAtOnce() =>
        Assert.All(ArrivalTimes.Draw(10, double.PositiveInfinity, 1, new Random(1)), time => Assert.Equal(0, time));

    [Theory]
    [InlineData(0.3)]
    [InlineData(1)]
    [InlineData(5)]
    public void Draw_Rate_IsMetOverTheRun(double burstiness)
    {
        var times = ArrivalTimes.Draw(200, 10, burstiness, new Random(7));

        Assert.Equal(20, times[^1], 6);
        Assert.Equal(times.Order(), times);
    }

    [Fact]
    public void Draw_Burstiness_SpreadsTheGaps()
    {
        double Spread(double burstiness)
        {
            var times = ArrivalTimes.Draw(2000, 10, burstiness, new Random(7));
            return new Distribution(times.Zip(times.Skip(1), (a, b) => b - a)).StandardDeviation;
        }

        Assert.InRange(Spread(1), 0.08, 0.12);
        Assert.True(Spread(0.25) > Spread(1) && Spread(1) > Spread(10));
    }
}
