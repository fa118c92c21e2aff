using System.Globalization;

namespace Grid.Primitives.Options;

/// <summary>Lengths in tokens as people type them: <c>4096</c>, <c>4k</c> (4 x 1024), <c>auto</c> or <c>-1</c>.</summary>
internal static class TokenLength
{
    /// <summary>The longest length that fits.</summary>
    public const int Auto = -1;

    /// <summary>What a length looks like, for error messages.</summary>
    public const string Rule = "a whole number of tokens of at least 1, such as 4096 or 4k, or auto (-1)";

    private const int Kilo = 1024;

    /// <summary>Reads a length.</summary>
    public static bool TryParse(string text, out int length)
    {
        length = Auto;
        if (text is "auto" or "-1") return true;
        var inKilo = text is [.., 'k' or 'K'];
        if (!decimal.TryParse(inKilo ? text[..^1] : text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
            return false;
        if (number > int.MaxValue || (number *= inKilo ? Kilo : 1) > int.MaxValue) return false;
        length = (int)number;
        return number >= 1 && number == length;
    }
}
