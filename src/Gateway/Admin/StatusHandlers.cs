using Grid.Abstractions.Http;

namespace Grid.Gateway.Admin;

/// <summary>The status of the grid, and the routing table of its gateways.</summary>
internal static class StatusHandlers
{
    public static async Task StatusAsync(AdminCall call) =>
        await call.WriteAsync(AdminJson.Document("GridStatus", await call.Grid.GetStatus()));

    public static async Task RoutingAsync(AdminCall call)
    {
        var table = await call.Grid.GetRoutingTable(null, 0) ?? throw AdminException.NotFound("There is no routing table yet.");
        await call.WriteAsync(AdminJson.Document("RoutingTable", table));
    }
}
