using Grid.Gateway.Routing;

namespace Grid.Gateway.Hosting;

/// <summary>The probes of a gateway.</summary>
internal static class HealthEndpoints
{
    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        var routing = routes.ServiceProvider.GetRequiredService<RoutingState>();
        var requests = routes.ServiceProvider.GetRequiredService<RequestTracker>();
        var options = routes.ServiceProvider.GetRequiredService<GatewayOptions>();
        routes.MapProbes(
            () =>
            [
                HealthCheck.Of("table", routing.Current is not null, "no_table", "There is no routing table yet."),
                HealthCheck.Of("admission", requests.Accepting, "draining", "New requests are refused."),
                .. options.Checks.Select(check => check()),
            ],
            () => null);
    }
}
