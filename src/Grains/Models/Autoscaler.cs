using Grid.Abstractions.Configuration;
using Grid.Abstractions.Models;

namespace Grid.Grains.Models;

/// <summary>How many replicas a model should have, as a pure function of its load over time.</summary>
internal static class Autoscaler
{
    /// <summary>Load may rise by a quarter before what was removed would be needed again.</summary>
    private const double SpareShare = 0.8;

    /// <summary>The first windows of a model, by its present number of replicas.</summary>
    public static AutoscaleWindows Start(AutoscaleSpec spec, int replicas, DateTimeOffset now) =>
        new(Math.Clamp(replicas, spec.Min, spec.Max), now);

    /// <summary>Looks at the load.</summary>
    /// <param name="spec">The limits and windows.</param>
    /// <param name="state">The windows after the previous look.</param>
    /// <param name="load">The load now; if it is not complete, nothing is removed.</param>
    /// <param name="ready">The number of replicas that the load was measured on.</param>
    /// <param name="now">The time of the look.</param>
    public static AutoscaleWindows Next(AutoscaleSpec spec, AutoscaleWindows state, ModelLoad load, int ready, DateTimeOffset now)
    {
        var bounded = Math.Clamp(state.Desired, spec.Min, spec.Max);
        if (bounded != state.Desired) state = new AutoscaleWindows(bounded, now);
        var active = load.Queued > 0 || load.Running > 0 || load.Waiting > 0;
        if (state.Desired == 0) return active ? new AutoscaleWindows(Math.Min(1, spec.Max), now) : state;
        if (spec.Min == 0 && load.Complete && !active && now - Latest(load.LastRequestAt, state.Since) >= spec.Idle)
            return new AutoscaleWindows(0, now);

        var needed = Math.Clamp(Needed(spec, load, ready, 1), Math.Max(1, spec.Min), spec.Max);
        if (needed > state.Desired) return Above(spec, state, needed, now);
        var spare = Math.Clamp(Needed(spec, load, ready, SpareShare), Math.Max(1, spec.Min), spec.Max);
        return spare < state.Desired && load.Complete
            ? Below(spec, state, spare, now)
            : state with { AboveSince = null, BelowSince = null, Peak = 0 };
    }

    private static AutoscaleWindows Above(AutoscaleSpec spec, AutoscaleWindows state, int needed, DateTimeOffset now)
    {
        var since = state.AboveSince ?? now;
        return now - since >= spec.UpWindow
            ? new AutoscaleWindows(needed, now)
            : state with { AboveSince = since, BelowSince = null, Peak = 0 };
    }

    private static AutoscaleWindows Below(AutoscaleSpec spec, AutoscaleWindows state, int spare, DateTimeOffset now)
    {
        var since = state.BelowSince ?? now;
        var peak = Math.Max(spare, state.Peak);
        return now - since >= spec.DownWindow
            ? new AutoscaleWindows(peak, now)
            : state with { AboveSince = null, BelowSince = since, Peak = peak };
    }

    private static int Needed(AutoscaleSpec spec, ModelLoad load, int ready, double share)
    {
        var queued = load.QueuedTokens / (spec.QueuedTokens * share);
        var cache = ready * load.KVUsage / (spec.KVUsage * share);
        var slow = spec.Ttft is { } ttft && load.TtftSeconds > ttft.TotalSeconds * share;
        // A slow first token asks for one more replica; one that is merely near its limit keeps the present number.
        var byTime = !slow ? 0 : load.TtftSeconds > spec.Ttft!.Value.TotalSeconds ? ready + 1 : ready;
        return (int)Math.Min(int.MaxValue, Math.Ceiling(Math.Max(Math.Max(queued, cache), byTime)));
    }

    private static DateTimeOffset Latest(DateTimeOffset? left, DateTimeOffset right) => left is { } time && time > right ? time : right;
}
