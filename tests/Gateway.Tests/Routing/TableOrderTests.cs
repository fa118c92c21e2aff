using Grid.Abstractions.Configuration;
using Grid.Abstractions.Routing;
using Grid.Gateway.Routing;

namespace Grid.Gateway.Tests.Routing;

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

    private static RoutingTable Table(string grid, long version, int second) => new(grid, version, new GatewaySpec(), [], DateTimeOffset.UnixEpoch.AddSeconds(second));
}
