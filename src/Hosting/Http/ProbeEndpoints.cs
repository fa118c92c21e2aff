using System.Reflection;
using Grid.Abstractions.Http;
using Microsoft.AspNetCore.Builder;

namespace Grid.Hosting.Http;

/// <summary><c>/health</c>, <c>/readyz</c>, <c>/livez</c> and <c>/version</c>, as every port of a process that has them answers.</summary>
public static class ProbeEndpoints
{
    private static readonly string Version =
        typeof(ProbeEndpoints).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    /// <summary>Maps them.</summary>
    /// <param name="routes">The routes to add to.</param>
    /// <param name="checks">The checks of readiness, made at each probe.</param>
    /// <param name="failure">Why the process has to be restarted; null if it has not.</param>
    public static void MapProbes(this IEndpointRouteBuilder routes, Func<IEnumerable<HealthCheck>> checks, Func<string?> failure)
    {
        routes.MapGet("/health", (HttpContext context) => Ready(context, checks()));
        routes.MapGet(ProbePaths.Ready, (HttpContext context) => Ready(context, checks()));
        routes.MapGet(ProbePaths.Live, () => Answer(failure()));
        routes.MapGet("/version", () => Results.Json(new { version = Version }));
    }

    private static IResult Ready(HttpContext context, IEnumerable<HealthCheck> asked)
    {
        HealthCheck[] checks = [.. asked];
        var fault = checks.FirstOrDefault(check => check is { Ok: false, IsRequired: true });
        if (!context.Request.Query.ContainsKey("verbose")) return Answer(fault?.Reason);
        return Results.Json(
            new
            {
                status = fault is null ? "ok" : "unavailable",
                checks = checks.Select(check => new { name = check.Name, ok = check.Ok, reason = check.Reason, message = check.Message })
            },
            statusCode: Status(fault is null));
    }

    private static IResult Answer(string? fault) => Results.Text((fault ?? "ok") + "\n", statusCode: Status(fault is null));

    private static int Status(bool ok) => ok ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
}
