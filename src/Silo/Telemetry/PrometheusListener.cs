using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Text;
using Grid.Engine.Diagnostics;

namespace Grid.Silo.Telemetry;

/// <summary>Listens to the engines' meters and answers <c>/metrics</c> in Prometheus' text format 0.0.4, under exactly vLLM's names and labels.</summary>
internal sealed class PrometheusListener : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly ConcurrentDictionary<Instrument, InstrumentSeries> _instruments = [];
    private readonly Lock _scrape = new();

    public PrometheusListener()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name != EngineInstruments.MeterName) return;
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

    public Task WriteAsync(HttpContext context)
    {
        context.Response.ContentType = "text/plain; version=0.0.4; charset=utf-8";
        return context.Response.WriteAsync(Scrape(), context.RequestAborted);
    }

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
                foreach (var series in family) series.Write(text);
            }

            return text.ToString();
        }
    }
}
