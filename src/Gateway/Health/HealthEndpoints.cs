using System.Reflection;
using Grid.Abstractions.Http;
using Grid.Cluster.Http;
using Grid.Gateway.Hosting;
using Grid.Gateway.Routing;

namespace Grid.Gateway.Health;

/// <summary><c>/health</c>, <c>/readyz</c>, <c>/livez</c> and <c>/version</c>.</summary>
internal static class HealthEndpoints
{
    private static readonly string Version =
        typeof(HealthEndpoints).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/health", Ready);
        routes.MapGet(ProbePaths.Ready, Ready);
        routes.MapGet(ProbePaths.Live, () => Results.Text("ok\n"));
        routes.MapGet("/version", () => Results.Json(new { version = Version }));
    }

    private static IResult Ready(HttpContext context, RouteBook book, OpenRequests open, GatewayOptions options)
    {
        HealthCheck[] checks =
        [
            Check("table", book.Current is not null, "no_table", "There is no routing table yet."),
            Check("admission", !open.Draining, "draining", "New requests are refused."),
            .. options.Checks.Select(check => check()),
        ];
        var fault = checks.FirstOrDefault(check => !check.Ok);
        var status = fault is null ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        if (!context.Request.Query.ContainsKey("verbose")) return Results.Text((fault?.Reason ?? "ok") + "\n", statusCode: status);
        return Results.Json(
            new { status = fault is null ? "ok" : "unavailable", checks = checks.Select(check => new { name = check.Name, ok = check.Ok, reason = check.Reason, message = check.Message }) },
            statusCode: status);
    }

    private static HealthCheck Check(string name, bool ok, string reason, string message) => new(name, ok, ok ? null : reason, ok ? null : message);
}
