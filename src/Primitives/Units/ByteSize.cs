using System.Globalization;

namespace Grid.Primitives.Units;

/// <summary>Sizes as people type them: <c>4GiB</c>, <c>1.5MiB</c>, <c>512B</c>; a bare number counts bytes.</summary>
public static class ByteSize
{
    /// <summary>What a size looks like, for error texts.</summary>
    public const string Rule = "a size in B, KiB, MiB, GiB or TiB, such as 4GiB";

    private static readonly string[] Units = ["B", "KiB", "MiB", "GiB", "TiB"];

    /// <summary>Reads a size in bytes. Never negative; a fraction of a byte is refused.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out long bytes)
    {
        bytes = 0;
        text = text.Trim();
        var digits = text.IndexOfAnyExceptInRange('.', '9');
        var number = digits < 0 ? text : text[..digits];
        var unit = digits < 0 ? "B" : text[digits..].Trim();
        if (!decimal.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value)) return false;
        for (var power = 0; power < Units.Length; power++)
        {
            if (!unit.SequenceEqual(Units[power])) continue;
            var factor = 1L << (10 * power);
            if (value > long.MaxValue / factor || value * factor % 1 != 0) return false;
            bytes = (long)(value * factor);
            return true;
        }

        return false;
    }

    /// <summary>The size in the largest unit that leaves a number of at least one: <c>1.5 GiB</c>.</summary>
    /// <param name="decimals">Maximum number of decimals.</param>
    public static string Format(long bytes, int decimals = 2)
    {
        var power = 0;
        double value = bytes;
        while (value >= 1024 && power < Units.Length - 1)
        {
            value /= 1024;
            power++;
        }

        return $"{value.ToString("0." + new string('#', decimals), CultureInfo.InvariantCulture)} {Units[power]}";
    }

    /// <summary>
    /// The size in the largest unit that counts it whole: <c>2GiB</c>, <c>1536MiB</c>. What it writes, <see cref="TryParse"/> reads as the
    /// same size.
    /// </summary>
    public static string ToText(long bytes)
    {
        var power = 0;
        while (bytes != 0 && bytes % 1024 == 0 && power < Units.Length - 1)
        {
            bytes /= 1024;
            power++;
        }

        return string.Create(CultureInfo.InvariantCulture, $"{bytes}{Units[power]}");
    }
}
