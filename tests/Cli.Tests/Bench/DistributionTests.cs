using Grid.Cli.Bench;

namespace Grid.Cli.Tests.Bench;

public sealed class DistributionTests
{
    [Fact]
    public void Percentile_BetweenValues_IsInterpolated()
    {
        var values = new Distribution([4, 1, 3, 2]);

        Assert.Equal(2.5, values.Mean);
        Assert.Equal(2.5, values.Median);
        Assert.Equal(3.97, values.Percentile(99), 10);
        Assert.Equal(1, values.Percentile(0));
        Assert.Equal(4, values.Percentile(100));
        Assert.Equal(Math.Sqrt(1.25), values.StandardDeviation, 10);
    }

    [Fact]
    public void Percentile_NoValues_IsZero()
    {
        var values = new Distribution([]);

        Assert.Equal((0, 0, 0, 0), (values.Mean, values.Median, values.Percentile(99), values.StandardDeviation));
    }
}
