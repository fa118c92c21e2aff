namespace Grid.Engine.Serving;

/// <summary>vLLM's bucket boundaries, so that its dashboards fit.</summary>
internal static class HistogramBuckets
{
    public static IReadOnlyList<double> TimeToFirstToken { get; } =
        [0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 20, 40, 80, 160, 640, 2560];

    public static IReadOnlyList<double> InterTokenLatency { get; } =
        [0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 20, 40, 80];

    public static IReadOnlyList<double> RequestLatency { get; } =
        [0.3, 0.5, 0.8, 1, 1.5, 2, 2.5, 5, 10, 15, 20, 30, 40, 50, 60, 120, 240, 480, 960, 1920, 7680];

    public static IReadOnlyList<long> IterationTokens { get; } = [1, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384];

    /// <summary>1, 2, 5, 10, 20, 50, ... up to <paramref name="max"/>.</summary>
    public static IReadOnlyList<long> Lengths(int max)
    {
        var buckets = new List<long>();
        for (long decade = 1; decade <= max; decade *= 10)
            buckets.AddRange(new[] { decade, 2 * decade, 5 * decade }.Where(value => value <= max));
        return buckets;
    }
}
