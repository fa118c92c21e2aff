using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Text;

namespace Grid.Hosting.Telemetry;

/// <summary>Listens to meters and answers <c>/metrics</c> in Prometheus' text format 0.0.4.</summary>
// Written by hand because names and labels must be vLLM's exactly: the adapter of prometheus-net puts the meter's name before each
// instrument's, sorts labels, and keeps series of meters that are gone; OpenTelemetry's exporter is a preview and adds labels of its own
// scope.
public sealed class PrometheusListener : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly ConcurrentDictionary<Instrument, InstrumentSeries> _instruments = [];
    private readonly Lock _scrape = new();

    /// <summary>Listens to all meters of some names.</summary>
    public PrometheusListener(params IReadOnlyList<string> meters)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (!meters.Contains(instrument.Meter.Name)) return;
            var series = new InstrumentSeries(instrument);
            _instruments[instrument] = series;
            listener.EnableMeasurementEvents(instrument, series);
        };
        _listener.MeasurementsCompleted = (instrument, _) => _instruments.TryRemove(instrument, out InstrumentSeries? _);
        _listener.SetMeasurementEventCallback<int>((_, value, tags, series) => ((InstrumentSeries)series!).Record(value, tags));
        _listener.SetMeasurementEventCallback<long>((_, value, tags, series) => ((InstrumentSeries)series!).Record(value, tags));
        _listener.SetMeasurementEventCallback<double>((_, value, tags, series) => ((InstrumentSeries)series!).Record(value, tags));
        _listener.Start();
    }

    /// <summary>Answers a scrape.</summary>
    public Task WriteAsync(HttpContext context)
    {
        context.Response.ContentType = "text/plain; version=0.0.4; charset=utf-8";
        return context.Response.WriteAsync(Scrape(), context.RequestAborted);
    }

    /// <summary>Ends the listening.</summary>
    public void Dispose() => _listener.Dispose();

    private string Scrape()
    {
        lock (_scrape)
        {
            _listener.RecordObservableInstruments();
            var text = new StringBuilder();
            foreach (var family in _instruments.Values.GroupBy(series => series.Name).OrderBy(group => group.Key, StringComparer.Ordinal))
            {
                family.First().WriteHead(text);
                // Replicas of one model on one node have the same labels, and a series may be printed once.
                foreach (var same in family.SelectMany(series => series.Snapshot()).GroupBy(series => series.Labels))
                    MetricSeries.Merge(same).Write(text, family.Key);
            }

            return text.ToString();
        }
    }
}
