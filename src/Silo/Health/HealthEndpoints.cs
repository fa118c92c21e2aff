using System.Reflection;
using Grid.Silo.Hosting;

namespace Grid.Silo.Health;

/// <summary><c>/health</c>, <c>/readyz</c>, <c>/livez</c> and <c>/version</c>.</summary>
internal static class HealthEndpoints
{
    private static readonly string Version =
        typeof(HealthEndpoints).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/health", Ready);
        routes.MapGet("/readyz", Ready);
        routes.MapGet("/livez", (SiloState state) => Answer(Failure(state) is null, Failure(state)));
        routes.MapGet("/version", () => Results.Json(new { version = Version }));
    }

    private static IResult Ready(HttpContext context, SiloState state, EngineWatch watch)
    {
        HealthCheck[] checks = [Loaded(state), Engine(state, watch), NotDraining(state)];
        var fault = checks.FirstOrDefault(check => !check.Ok);
        if (!context.Request.Query.ContainsKey("verbose")) return Answer(fault is null, fault?.Reason);
        return Results.Json(
            new { status = fault is null ? "ok" : "unavailable", checks = checks.Select(check => new { name = check.Name, ok = check.Ok, reason = check.Reason, message = check.Message }) },
            statusCode: Status(fault is null));
    }

    private static IResult Answer(bool ok, string? reason) => Results.Text(ok ? "ok\n" : reason + "\n", statusCode: Status(ok));

    private static int Status(bool ok) => ok ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;

    private static string? Failure(SiloState state) => state.Model?.Engine.GetStatus().Failure;

    private static HealthCheck Loaded(SiloState state) => Check("model", state.Model is not null, "loading", "The model is still loading.");

    private static HealthCheck NotDraining(SiloState state) => Check("admission", !state.Running.Draining, "draining", "New requests are refused.");

    private static HealthCheck Engine(SiloState state, EngineWatch watch)
    {
        if (state.Model?.Engine.GetStatus() is not { } status) return Check("engine", true, "", "");
        if (status.Failure is { } failure) return Check("engine", false, "engine_stuck", $"The engine has stopped: {failure}");
        var busy = watch.InSameStep(status);
        return Check("engine", busy < state.Options.StuckAfter, "engine_stuck", $"{status.Running} requests run, {status.Waiting} wait, and step {status.Step} has not ended for {busy.TotalSeconds:F0} s.");
    }

    private static HealthCheck Check(string name, bool ok, string reason, string message) => new(name, ok, ok ? null : reason, ok ? null : message);
}
