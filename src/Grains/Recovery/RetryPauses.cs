using Grid.Primitives.Timing;

namespace Grid.Grains.Recovery;

/// <summary>How long failed attempts to place or load something are left alone.</summary>
internal static class RetryPauses
{
    /// <summary>1 s, doubled with each failure in a row, at most 1 min.</summary>
    public static Backoff Of { get; } = new(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1));
}
