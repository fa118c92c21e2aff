namespace Grid.Primitives.Timing;

/// <summary>How long to pause between attempts that fail: a first pause, doubled with each failure in a row, up to a longest one.</summary>
/// <param name="first">The pause after one failure.</param>
/// <param name="longest">The pause that is never exceeded.</param>
/// <param name="jitter">
/// Gives a number from 0 up to 1 for each pause, such as <see cref="Random.NextDouble"/>: the pause is shortened by up to half, so that
/// many who failed together do not try again together. Null: pauses are exact.
/// </param>
public sealed class Backoff(TimeSpan first, TimeSpan longest, Func<double>? jitter = null)
{
    /// <summary>The pause before the next attempt.</summary>
    /// <param name="failures">How many attempts have failed in a row; none gives no pause.</param>
    public TimeSpan After(int failures)
    {
        if (failures <= 0) return TimeSpan.Zero;
        // In floating point, where many doublings end at infinity.
        var ticks = Math.Min(longest.Ticks, first.Ticks * Math.Pow(2, failures - 1));
        return TimeSpan.FromTicks((long)(jitter is null ? ticks : ticks * (1 - jitter() / 2)));
    }
}
