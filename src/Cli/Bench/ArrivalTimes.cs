namespace Grid.Cli.Bench;

/// <summary>
/// When requests are sent: gamma-distributed gaps, Poisson at burstiness 1, scaled so that the rate is met over the whole run.
/// </summary>
internal static class ArrivalTimes
{
    /// <summary>Seconds after the start, one a request, ascending.</summary>
    /// <param name="count">The number of requests.</param>
    /// <param name="rate">Requests a second; infinite: all at once.</param>
    /// <param name="burstiness">Shape of the gamma distribution: below 1 burstier, above 1 more even.</param>
    /// <param name="random">The source of randomness, seeded by the caller.</param>
    public static double[] Draw(int count, double rate, double burstiness, Random random)
    {
        var times = new double[count];
        if (double.IsPositiveInfinity(rate)) return times;
        var at = 0.0;
        for (var i = 0; i < count; i++) times[i] = at += Gamma(burstiness, random);
        var scale = at > 0 ? count / rate / at : 0;
        for (var i = 0; i < count; i++) times[i] *= scale;
        return times;
    }

    // Marsaglia and Tsang, "A simple method for generating gamma variables", 2000.
    private static double Gamma(double shape, Random random)
    {
        if (shape < 1) return Gamma(shape + 1, random) * Math.Pow(1 - random.NextDouble(), 1 / shape);
        var d = shape - 1.0 / 3;
        var c = 1 / Math.Sqrt(9 * d);
        while (true)
        {
            var x = Normal(random);
            var v = Math.Pow(1 + c * x, 3);
            if (v > 0 && Math.Log(1 - random.NextDouble()) < 0.5 * x * x + d * (1 - v + Math.Log(v))) return d * v;
        }
    }

    private static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
