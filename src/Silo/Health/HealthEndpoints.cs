using System.Reflection;
using Grid.Abstractions.Http;
using Grid.Silo.Hosting;
using Grid.Silo.Ranks;

namespace Grid.Silo.Health;

/// <summary><c>/health</c>, <c>/readyz</c>, <c>/livez</c> and <c>/version</c>.</summary>
internal static class HealthEndpoints
{
    private static readonly string Version =
        typeof(HealthEndpoints).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/health", Ready);
        routes.MapGet(ProbePaths.Ready, Ready);
        routes.MapGet(ProbePaths.Live, (SiloState state) => Answer(Failure(state) is null, Failure(state)));
        routes.MapGet("/version", () => Results.Json(new { version = Version }));
    }

    private static IResult Ready(HttpContext context, SiloState state)
    {
        HealthCheck[] checks = [Loaded(state), Engines(state), NotDraining(state), .. state.Options.Checks()];
        var fault = checks.FirstOrDefault(check => !check.Ok);
        if (!context.Request.Query.ContainsKey("verbose")) return Answer(fault is null, fault?.Reason);
        return Results.Json(
            new { status = fault is null ? "ok" : "unavailable", checks = checks.Select(check => new { name = check.Name, ok = check.Ok, reason = check.Reason, message = check.Message }) },
            statusCode: Status(fault is null));
    }

    private static IResult Answer(bool ok, string? reason) => Results.Text(ok ? "ok\n" : reason + "\n", statusCode: Status(ok));

    private static int Status(bool ok) => ok ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;

    /// <summary>A process is dead for its supervisor when none of its engines lives.</summary>
    private static string? Failure(SiloState state)
    {
        string?[] failures = [.. state.Ranks.Ranks.Select(rank => rank.Model.Engine.GetStatus().Failure)];
        return failures.Length > 0 && failures.All(failure => failure is not null) ? failures[0] : null;
    }

    private static HealthCheck Loaded(SiloState state)
    {
        var loading = state.Options.ModelNames.Count > 0 && !state.Ranks.Ranks.Any(rank => rank.Identity.ModelNames.Contains(state.Options.ModelNames[0]));
        return Check("model", !loading, "loading", "The model is still loading.");
    }

    private static HealthCheck NotDraining(SiloState state) => Check("admission", !state.Ranks.Draining, "draining", "New requests are refused.");

    private static HealthCheck Engines(SiloState state)
    {
        foreach (var rank in state.Ranks.Ranks)
            if (Engine(rank, state.Options.StuckAfter) is { Ok: false } fault) return fault;
        return Check("engine", true, "", "");
    }

    private static HealthCheck Engine(ServedRank rank, TimeSpan stuckAfter)
    {
        var status = rank.Model.Engine.GetStatus();
        if (status.Failure is { } failure) return Check("engine", false, "engine_stuck", $"The engine of {rank.Id} has stopped: {failure}");
        var busy = rank.InSameStep(status);
        return Check("engine", busy < stuckAfter, "engine_stuck",
            $"On {rank.Id} {status.Running} requests run, {status.Waiting} wait, and step {status.Step} has not ended for {busy.TotalSeconds:F0} s.");
    }

    private static HealthCheck Check(string name, bool ok, string reason, string message) => new(name, ok, ok ? null : reason, ok ? null : message);
}
