using Grid.Abstractions.Models;

namespace Grid.Grains.Models;

/// <summary>The autoscaler of one model with its windows, as the model's grain holds it.</summary>
internal sealed class ModelScaler
{
    // Windows say what was needed without a break: after this time without an observation that is unknown.
    private static readonly TimeSpan LongestGap = TimeSpan.FromMinutes(1);

    private ScaleRecommendation? _last;

    /// <summary>Looks at the load; looking again at the same time changes nothing.</summary>
    public ScaleRecommendation Observe(ScaleObservation seen, DateTimeOffset now)
    {
        // A new activation knows nothing, and one that was cut off from the grid knows less than the one that took its place.
        if (seen.Known is { } known && (_last is null || known.At > _last.At)) _last = known;
        if (_last is { } last && now - last.At > LongestGap) _last = null;
        var windows = _last?.Windows ?? Autoscaler.Start(seen.Spec, seen.Serving, now);
        return _last = new ScaleRecommendation(seen.Model, Autoscaler.Next(seen.Spec, windows, seen.Load, seen.Ready, now), now);
    }
}
