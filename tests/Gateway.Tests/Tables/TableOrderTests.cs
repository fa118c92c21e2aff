using Grid.Abstractions.Configuration;
using Grid.Abstractions.Routing;
using Grid.Gateway.Tables;

namespace Grid.Gateway.Tests.Tables;

public sealed class TableOrderTests
{
    [Theory]
    [InlineData("g", 2, 0, true)]
    [InlineData("g", 1, 9, false)]
    [InlineData("g", 1, 11, true)]
    [InlineData("g", 0, 11, false)]
    [InlineData("other", 1, 11, true)]
    [InlineData("other", 9, 9, false)]
    public void Table_ThatComes_IsTakenOnlyWhereItIsNewer(string grid, long version, int second, bool isNewer) =>
        Assert.Equal(isNewer, TableOrder.IsNewer(Table(grid, version, second), Table("g", 1, 10)));

    [Theory]
    [InlineData(11, false)]
    [InlineData(25, false)]
    [InlineData(26, true)]
    public void Table_OfAnotherGridWithoutARoutedModel_WaitsForTheGridToBeRebuilt(int second, bool isNewer)
    {
        var rank = new RankRoute("m/r0/dp0", 1, "a", "http://a", true, "", "", 0, 0, 0, 0, 0, 1, 1);
        var known = Table("g", 1, 10) with { Models = [new ModelRoute("m", [], "sim", 0, null, false, TimeSpan.Zero, [rank])] };
        Assert.Equal(isNewer, TableOrder.IsNewer(Table("other", 1, second), known));
        Assert.True(TableOrder.IsNewer(known with { Grid = "other", Time = known.Time.AddSeconds(1) }, known));
    }

    private static RoutingTable Table(string grid, long version, int second) =>
        new(grid, version, new GatewaySpec(), [], DateTimeOffset.UnixEpoch.AddSeconds(second));
}
