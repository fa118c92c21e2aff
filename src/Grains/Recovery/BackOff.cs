namespace Grid.Grains.Recovery;

/// <summary>How long a failed attempt is left alone: 1 s, doubled with each failure in a row, at most 1 min.</summary>
internal static class BackOff
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    /// <summary>The pause after so many failures in a row; none before the first.</summary>
    public static TimeSpan After(int failures) =>
        failures <= 0 ? TimeSpan.Zero
        : failures > 6 ? Longest
        : TimeSpan.FromSeconds(1 << (failures - 1)) is var pause && pause < Longest ? pause : Longest;
}
