using Grid.Gateway.Hosting;
using Grid.Gateway.Routing;
using Grid.Hosting.Http;

namespace Grid.Gateway.Health;

/// <summary>How a gateway is.</summary>
internal static class HealthEndpoints
{
    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        var (book, open, options) = (routes.ServiceProvider.GetRequiredService<RouteBook>(), routes.ServiceProvider.GetRequiredService<OpenRequests>(), routes.ServiceProvider.GetRequiredService<GatewayOptions>());
        routes.MapProbes(
            () =>
            [
                HealthCheck.Of("table", book.Current is not null, "no_table", "There is no routing table yet."),
                HealthCheck.Of("admission", !open.Draining, "draining", "New requests are refused."),
                .. options.Checks.Select(check => check()),
            ],
            () => null);
    }
}
