using System.Diagnostics;
using System.Diagnostics.Metrics;
using Grid.Engine.Collectives;
using Grid.Engine.Serving;

namespace Grid.Engine.Tests.Serving;

public sealed class CollectiveInstrumentsTests
{
    [Fact]
    public void Observe_TwoShards_TellsSecondsByOperationAndShard()
    {
        var (first, second) = (new CollectiveTimes(), new CollectiveTimes());
        first.Waited(CollectiveOperation.AllReduce, 0, 2 * Stopwatch.Frequency);
        first.Waited(CollectiveOperation.AllReduce, 0, Stopwatch.Frequency / 2);
        second.Waited(CollectiveOperation.Receive, 10, 10 + Stopwatch.Frequency);
        using var meter = new Meter(nameof(CollectiveInstrumentsTests));
        _ = new CollectiveInstruments(meter, [new("model_name", "m"), new("engine", "0")], [("tp0", first), ("tp1", second)]);

        Assert.Equal(
            ["grid:collective_wait_seconds m 0 all_reduce tp0 2.5", "grid:collective_wait_seconds m 0 receive tp1 1"],
            Observe(meter));
    }

    private static List<string> Observe(Meter meter)
    {
        var heard = new List<string>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            { if (instrument.Meter == meter) self.EnableMeasurementEvents(instrument); }
        };
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) =>
            heard.Add(
            FormattableString.Invariant($"{instrument.Name} {string.Join(' ', tags.ToArray().Select(tag => tag.Value))} {value}")));
        listener.Start();
        listener.RecordObservableInstruments();
        return heard;
    }
}
