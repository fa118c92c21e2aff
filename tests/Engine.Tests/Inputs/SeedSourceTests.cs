using Grid.Engine.Inputs;

namespace Grid.Engine.Tests.Inputs;

public sealed class SeedSourceTests
{
    [Fact]
    public void Create_WithASeed_RepeatsTheSeries()
    {
        var (first, second) = (SeedSource.Create(7), SeedSource.Create(7));
        var series = Enumerable.Range(0, 5).Select(_ => first()).ToList();
        Assert.Equal(series, Enumerable.Range(0, 5).Select(_ => second()));
        Assert.Equal(5, series.Distinct().Count());
    }

    [Fact]
    public void Create_WithoutASeed_DrawsAnew()
    {
        var draw = SeedSource.Create(null);
        Assert.NotEqual(draw(), draw());
    }
}
