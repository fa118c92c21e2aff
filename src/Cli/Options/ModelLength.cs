using System.CommandLine;
using System.Globalization;
using Grid.Cli.CommandLine;

namespace Grid.Cli.Options;

/// <summary>Lengths in tokens: <c>4096</c>, <c>4k</c> (4 x 1024), <c>auto</c> or <c>-1</c>.</summary>
internal static class ModelLength
{
    /// <summary>The longest that fits.</summary>
    public const int Auto = -1;

    private const int Kilo = 1024;

    public static Option<int?> Flag(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "N",
        CustomParser = result => Flags.Parse(result, "a whole number of tokens of at least 1, such as 4096 or 4k, or auto (-1)", (string text, out int? value) =>
        {
            var good = TryParse(text, out var length);
            value = length;
            return good;
        }),
    };

    public static bool TryParse(string text, out int length)
    {
        length = Auto;
        if (text is "auto" or "-1") return true;
        var inKilo = text.EndsWith('k') || text.EndsWith('K');
        if (!decimal.TryParse(inKilo ? text[..^1] : text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)) return false;
        if (number > int.MaxValue / Kilo && inKilo || number > int.MaxValue) return false;
        if (inKilo) number *= Kilo;
        length = (int)number;
        return number >= 1 && number == length;
    }
}
