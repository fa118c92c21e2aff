using System.Globalization;
using System.Text;

namespace Grid.Cluster.Telemetry;

/// <summary>One line of numbers: the latest value, or a histogram's buckets, sum and count.</summary>
/// <param name="tags">Its labels.</param>
/// <param name="bounds">Upper bounds of a histogram's buckets; null: a gauge or counter.</param>
/// <param name="sums">Whether values add up: a counter that tells its increments.</param>
internal sealed class MetricSeries(KeyValuePair<string, object?>[] tags, double[]? bounds, bool sums)
{
    private readonly string _labels = string.Join(',', tags.Select(tag => $"{tag.Key}=\"{Escape(tag.Value)}\""));
    private readonly long[] _buckets = new long[(bounds?.Length ?? 0) + 1];
    private double _value;

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

    private static string Number(double value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Escape(object? value) => $"{value}".Replace("\\", "\\\\").Replace("\"", "\\\"").Replace("\n", "\\n");

    private void Line(StringBuilder text, string name, string bucket, double value) =>
        text.Append(name).Append('{').Append(_labels).Append(bucket).Append("} ").Append(Number(value)).Append('\n');
}
