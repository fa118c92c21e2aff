using Grid.Silo.Access;
using Grid.Silo.Ranks;

namespace Grid.Silo.Hosting;

/// <summary>How a silo is.</summary>
internal sealed class SiloHealth(SiloState state)
{
    /// <summary>Whether new requests are answered.</summary>
    public IEnumerable<HealthCheck> Checks() => [Loaded(), Engines(), NotDraining(), .. state.Options.Checks()];

    /// <summary>A process is dead for its supervisor when none of its engines lives.</summary>
    public string? Failure()
    {
        string?[] failures = [.. state.Ranks.Ranks.Select(rank => rank.Model.Engine.GetStatus().Failure)];
        return failures.Length > 0 && failures.All(failure => failure is not null) ? failures[0] : null;
    }

    private HealthCheck Loaded()
    {
        var loading = state.Options.ModelNames.Count > 0
            && !state.Ranks.Ranks.Any(rank => rank.Identity.ModelNames.Contains(state.Options.ModelNames[0]));
        return HealthCheck.Of("model", !loading, "loading", "The model is still loading.");
    }

    private HealthCheck NotDraining() => HealthCheck.Of("admission", !state.Ranks.Draining, "draining", "New requests are refused.");

    /// <summary>The first engine that answers nothing, or what one has died of lately.</summary>
    public HealthCheck Engines() =>
        state.Ranks.Ranks.Select(Engine).FirstOrDefault(check => check.Message is not null)
        ?? new HealthCheck("engine", true, null, state.Ranks.LastFailure);

    private HealthCheck Engine(ServedRank rank)
    {
        var status = rank.Model.Engine.GetStatus();
        if (status.Failure is { } failure)
            return HealthCheck.Of("engine", false, "engine_stuck", $"The engine of {rank.Id} has stopped: {failure}");
        var busy = rank.InSameStep(status);
        var text =
            $"On {rank.Id} {status.Running} requests run, {status.Waiting} wait, and step {status.Step} has not ended for "
            + $"{busy.TotalSeconds:F0} s.";
        if (busy >= state.Options.StuckAfter)
            return new HealthCheck("engine", false, "engine_stuck", status.Waits is null ? text : $"{text} {status.Waits}");
        return new HealthCheck("engine", true, null, status.Waits is null ? null : $"{rank.Id}: {status.Waits}");
    }
}
