using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Text;

namespace Grid.Hosting.Telemetry;

/// <summary>Listens to meters and answers <c>/metrics</c> in Prometheus' text format 0.0.4.</summary>
// Written by hand because names and labels must be exactly vLLM's, such as vllm:num_requests_running{model_name,engine}, and because the
// series of several engines of a node must add up:
// - the MeterAdapter of prometheus-net 8 puts the meter's name before an instrument's, replaces colons by underscores, sorts labels,
//   exports counters as gauges, and shows the series of a disposed meter, such as an unloaded engine's, until they expire;
// - OpenTelemetry.Exporter.Prometheus.AspNetCore exists only as a prerelease, adds the labels otel_scope_name and otel_scope_version to
//   every series, and puts the unit behind names;
// - neither merges series of equal labels of two meters (two replicas of one model on a node: counts are added, of shares the largest
//   counts), which Prometheus refuses to scrape twice.
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
