using System.Globalization;
using System.Text;

namespace Grid.Hosting.Telemetry;

/// <summary>One line of numbers: the latest value, or a histogram's buckets, sum and count.</summary>
/// <param name="tags">The labels of the series.</param>
/// <param name="bounds">The upper bounds of a histogram's buckets; null for a gauge or counter.</param>
/// <param name="sums">Whether values add up: a counter that records increments.</param>
/// <param name="isShare">Whether it is a share of a whole, of which the largest counts where several engines have the same labels; else
/// their sum.</param>
internal sealed class MetricSeries(KeyValuePair<string, object?>[] tags, double[]? bounds, bool sums, bool isShare)
{
    private readonly string _labels = string.Join(',', tags.Select(tag => $"{tag.Key}=\"{Escape(tag.Value)}\""));
    private readonly long[] _buckets = new long[(bounds?.Length ?? 0) + 1];
    private double _value;

    /// <summary>The labels as they are written.</summary>
    public string Labels => _labels;

    /// <summary>Series of the same labels as one.</summary>
    public static MetricSeries Merge(IEnumerable<MetricSeries> same)
    {
        MetricSeries? merged = null;
        foreach (var series in same)
        {
            if (merged is null) merged = series.Copy();
            else merged.Add(series);
        }

        return merged!;
    }

    public MetricSeries Copy()
    {
        var copy = new MetricSeries(tags, bounds, sums, isShare) { _value = _value };
        _buckets.CopyTo(copy._buckets, 0);
        return copy;
    }

    public bool Has(ReadOnlySpan<KeyValuePair<string, object?>> other) => other.SequenceEqual(tags);

    public void Record(double value)
    {
        if (bounds is null)
        {
            _value = sums ? _value + value : value;
            return;
        }

        var index = Array.BinarySearch(bounds, value);
        _buckets[index < 0 ? ~index : index]++;
        _value += value;
    }

    public void Write(StringBuilder text, string name)
    {
        if (bounds is null)
        {
            Line(text, name, "", _value);
            return;
        }

        long count = 0;
        for (var i = 0; i < _buckets.Length; i++)
        {
            count += _buckets[i];
            var bound = i < bounds.Length ? Number(bounds[i]) : "+Inf";
            Line(text, name + "_bucket", $",le=\"{bound}\"", count);
        }

        Line(text, name + "_sum", "", _value);
        Line(text, name + "_count", "", count);
    }

    private void Add(MetricSeries other)
    {
        _value = isShare ? Math.Max(_value, other._value) : _value + other._value;
        for (var i = 0; i < _buckets.Length; i++) _buckets[i] += other._buckets[i];
    }

    private static string Number(double value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Escape(object? value) => $"{value}".Replace("\\", "\\\\").Replace("\"", "\\\"").Replace("\n", "\\n");

    private void Line(StringBuilder text, string name, string bucket, double value) =>
        text.Append(name).Append('{').Append(_labels).Append(bucket).Append("} ").Append(Number(value)).Append('\n');
}
