using Grid.Primitives.Timing;

namespace Grid.Grains.Recovery;

/// <summary>The pauses between failed attempts to place or load something.</summary>
internal static class RetryPauses
{
    /// <summary>1 s, doubled with each failure in a row, at most 1 min.</summary>
    public static Backoff Of { get; } = new(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1));
}
