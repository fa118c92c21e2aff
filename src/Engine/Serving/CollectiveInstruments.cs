using System.Diagnostics;
using System.Diagnostics.Metrics;
using Grid.Engine.Collectives;

namespace Grid.Engine.Serving;

/// <summary>What each shard has waited for the others, by operation, and spent on copying.</summary>
internal sealed class CollectiveInstruments
{
    private static readonly CollectiveOperation[] Operations = Enum.GetValues<CollectiveOperation>();

    private readonly (CollectiveTimes Times, KeyValuePair<string, object?>[][] WaitTags,
        KeyValuePair<string, object?>[] CopyTags)[] _shards;

    public CollectiveInstruments(Meter meter, KeyValuePair<string, object?>[] tags,
        IReadOnlyList<(string Shard, CollectiveTimes Times)> shards)
    {
        _shards = [.. shards.Select(shard => (
            shard.Times,
            (KeyValuePair<string, object?>[][])[
                .. Operations.Select(
                operation =>
                    (KeyValuePair<string, object?>[])[.. tags, new("operation", CollectiveTimes.NameOf(operation)),
                    new("shard", shard.Shard)])],
            (KeyValuePair<string, object?>[])[.. tags, new("shard", shard.Shard)]))];
        meter.CreateObservableCounter("grid:collective_wait_seconds", ObserveWaits, "s",
            "Time that a shard has waited for others, by operation.");
        meter.CreateObservableCounter("grid:collective_copy_seconds", ObserveCopies, "s",
            "Time that a shard has spent on copying and adding what was exchanged.");
    }

    // An operation that a layout does not use has no series.
    private IEnumerable<Measurement<double>> ObserveWaits()
    {
        foreach (var (times, tags, _) in _shards)
            foreach (var operation in Operations)
                if (times.WaitTicks(operation) is > 0 and var ticks)
                    yield return new((double)ticks / Stopwatch.Frequency, tags[(int)operation]);
    }

    private IEnumerable<Measurement<double>> ObserveCopies()
    {
        foreach (var (times, _, tags) in _shards)
            if (times.CopyTicks is > 0 and var ticks) yield return new((double)ticks / Stopwatch.Frequency, tags);
    }
}
