using System.Globalization;

namespace Grid.Primitives.Units;

/// <summary>Durations as people type them: <c>250ms</c>, <c>30s</c>, <c>5m</c>, <c>1h</c>, and sums such as <c>1m30s</c>.</summary>
public static class Duration
{
    /// <summary>What a duration looks like, for error texts.</summary>
    public const string Rule = "a duration such as 250ms, 30s, 5m or 1h";

    /// <summary>Reads a duration; a bare <c>0</c> is none. Never negative.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out TimeSpan value)
    {
        value = TimeSpan.Zero;
        text = text.Trim();
        if (text is "0") return true;
        if (text.IsEmpty) return false;
        var milliseconds = 0.0;
        while (!text.IsEmpty)
        {
            var digits = text.IndexOfAnyExceptInRange('.', '9');
            if (digits <= 0
                || !double.TryParse(text[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
                return false;
            text = text[digits..];
            var (unit, length) = UnitOf(text);
            if (length == 0) return false;
            milliseconds += number * unit;
            text = text[length..];
        }

        if (milliseconds > int.MaxValue * 1000.0) return false;
        value = TimeSpan.FromMilliseconds(milliseconds);
        return true;
    }

    /// <summary>
    /// The duration in the largest unit that counts it whole: <c>5m</c>, <c>90s</c>, <c>0.35ms</c>. What it writes, <see cref="TryParse"/>
    /// reads.
    /// </summary>
    public static string Format(TimeSpan value) => value.Ticks switch
    {
        0 => "0s",
        var ticks when ticks % TimeSpan.TicksPerHour == 0 =>
            string.Create(CultureInfo.InvariantCulture, $"{ticks / TimeSpan.TicksPerHour}h"),
        var ticks when ticks % TimeSpan.TicksPerMinute == 0 =>
            string.Create(CultureInfo.InvariantCulture, $"{ticks / TimeSpan.TicksPerMinute}m"),
        var ticks when ticks % TimeSpan.TicksPerSecond == 0 =>
            string.Create(CultureInfo.InvariantCulture, $"{ticks / TimeSpan.TicksPerSecond}s"),
        var ticks => string.Create(CultureInfo.InvariantCulture, $"{ticks / (decimal)TimeSpan.TicksPerMillisecond:0.####}ms"),
    };

    private static (double Milliseconds, int Length) UnitOf(ReadOnlySpan<char> text) => text switch
    {
        ['m', 's', ..] => (1, 2),
        ['s', ..] => (1_000, 1),
        ['m', ..] => (60_000, 1),
        ['h', ..] => (3_600_000, 1),
        _ => (0, 0),
    };
}
