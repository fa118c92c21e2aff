
namespace Grid.Silo.Hosting;

/// <summary>A silo's probes on its own port.</summary>
internal static class HealthEndpoints
{
    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        var health = routes.ServiceProvider.GetRequiredService<SiloHealth>();
        routes.MapProbes(health.Checks, health.Failure);
    }
}
