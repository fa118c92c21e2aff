namespace Grid.Cli.Bench;

/// <summary>A sample of measured values with the summary numbers of vLLM's reports; all are 0 for an empty one.</summary>
internal sealed class Distribution
{
    private readonly double[] _sorted;

    public Distribution(IEnumerable<double> values) => _sorted = [.. values.Order()];

    public double Mean => _sorted.Length == 0 ? 0 : _sorted.Average();

    public double Median => Percentile(50);

    /// <summary>Of the whole population.</summary>
    public double StandardDeviation
    {
        get
        {
            var mean = Mean;
            return _sorted.Length == 0 ? 0 : Math.Sqrt(_sorted.Average(value => (value - mean) * (value - mean)));
        }
    }

    /// <summary>The value below which a share of the sample lies, interpolated linearly between neighbours.</summary>
    /// <param name="percent">The percentile, from 0 to 100.</param>
    public double Percentile(double percent)
    {
        if (_sorted.Length == 0) return 0;
        var position = percent / 100 * (_sorted.Length - 1);
        var below = (int)Math.Floor(position);
        var above = Math.Min(below + 1, _sorted.Length - 1);
        return _sorted[below] + (_sorted[above] - _sorted[below]) * (position - below);
    }
}
