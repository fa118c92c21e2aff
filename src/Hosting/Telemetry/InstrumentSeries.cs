using System.Diagnostics.Metrics;
using System.Text;

namespace Grid.Hosting.Telemetry;

/// <summary>All series of one instrument, one a set of labels. Recording allocates only for labels that are new.</summary>
internal sealed class InstrumentSeries
{
    /// <summary>The most series of one instrument; further sets of labels are recorded as one.</summary>
    public const int MaxSeries = 1000;

    private static readonly KeyValuePair<string, object?>[] Overflow = [new("overflow", "true")];
    private readonly Lock _gate = new();
    private readonly List<MetricSeries> _series = [];
    private readonly Dictionary<int, List<MetricSeries>> _byLabels = [];
    private readonly string _description;
    private readonly string _type;
    private readonly double[]? _bounds;
    private readonly bool _isShare;
    private readonly bool _sums;

    public InstrumentSeries(Instrument instrument)
    {
        _bounds = instrument switch
        {
            Histogram<double> histogram => [.. histogram.Advice!.HistogramBucketBoundaries!],
            Histogram<long> histogram => [.. histogram.Advice!.HistogramBucketBoundaries!.Select(bound => (double)bound)],
            _ => null,
        };
        _sums = instrument is Counter<long>;
        var isCounter = _sums || instrument is ObservableCounter<long>;
        _type = _bounds is not null ? "histogram" : isCounter ? "counter" : "gauge";
        _isShare = instrument.Unit == "1";
        _description = instrument.Description ?? "";
        Name = isCounter ? instrument.Name + "_total" : instrument.Name;
    }

    /// <summary>As Prometheus sees it.</summary>
    public string Name { get; }

    public void Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        lock (_gate) Find(tags).Record(value);
    }

    public void WriteHead(StringBuilder text) =>
        text.Append("# HELP ").Append(Name).Append(' ').Append(_description).Append("\n# TYPE ").Append(Name).Append(' ').Append(_type)
        .Append('\n');

    /// <summary>Copies of all series.</summary>
    public MetricSeries[] Snapshot()
    {
        lock (_gate) return [.. _series.Select(series => series.Copy())];
    }

    private MetricSeries Find(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var hash = HashOf(tags);
        if (!_byLabels.TryGetValue(hash, out var same)) same = null;
        foreach (var series in same ?? [])
            if (series.Has(tags)) return series;
        if (_series.Count >= MaxSeries && !tags.SequenceEqual(Overflow)) return Find(Overflow);
        var added = new MetricSeries(tags.ToArray(), _bounds, _sums, _isShare);
        _series.Add(added);
        if (same is null) _byLabels.Add(hash, same = []);
        same.Add(added);
        return added;
    }

    private static int HashOf(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var hash = new HashCode();
        foreach (var tag in tags) hash.Add(HashCode.Combine(tag.Key, tag.Value));
        return hash.ToHashCode();
    }
}
