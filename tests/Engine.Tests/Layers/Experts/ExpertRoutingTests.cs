using Grid.Engine.Experts;

namespace Grid.Engine.Tests.Layers.Experts;

public sealed class ExpertRoutingTests
{
    [Fact]
    public void Assign_Ties_GoToTheLowestIds()
    {
        var routing = new ExpertRouting(experts: 4, expertsPerToken: 2, renormalise: true);
        routing.Assign([1, 1, 1, 1, 0, 2, 0, 2]);
        Assert.Equal([0], routing.RowsOf(0).ToArray());
        Assert.Equal([0, 1], routing.RowsOf(1).ToArray());
        Assert.Empty(routing.RowsOf(2).ToArray());
        Assert.Equal([1], routing.RowsOf(3).ToArray());
        Assert.Equal(0.5f, routing.WeightsOf(0)[0]);
    }

    [Theory]
    [InlineData(true, 1.0)]
    [InlineData(false, 0.5)]
    public void Assign_Renormalised_WeightsAddUpToOne(bool renormalise, double total)
    {
        var routing = new ExpertRouting(experts: 4, expertsPerToken: 2, renormalise);
        routing.Assign([3, 3, 3, 3]);
        Assert.Equal(total, routing.WeightsOf(0)[0] + routing.WeightsOf(1)[0], 1e-6);
    }
}
