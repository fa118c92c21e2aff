using System.Globalization;
using static System.Globalization.UnicodeCategory;

namespace Grid.Tokenization.Patterns;

/// <summary>General categories by the names that <c>\p{...}</c> takes.</summary>
internal static class CategoryNames
{
    private static readonly string[] Short =
    [
        "Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Me", "Nd", "Nl", "No", "Zs", "Zl", "Zp", "Cc",
        "Cf", "Cs", "Co", "Pc", "Pd", "Ps", "Pe", "Pi", "Pf", "Po", "Sm", "Sc", "Sk", "So", "Cn",
    ];

    private static readonly Dictionary<string, string> Groups = new(StringComparer.OrdinalIgnoreCase)
    {
        ["Letter"] = "L", ["Mark"] = "M", ["Number"] = "N", ["Punctuation"] = "P", ["Punct"] = "P", ["Symbol"] = "S", ["Separator"] = "Z",
        ["Other"] = "C",
    };

    /// <summary>What <c>\w</c> matches, but for a handful of circled letters.</summary>
    public static IReadOnlyList<UnicodeCategory> Word { get; } =
    [
        UppercaseLetter, LowercaseLetter, TitlecaseLetter, ModifierLetter, OtherLetter,
        NonSpacingMark, SpacingCombiningMark, EnclosingMark, DecimalDigitNumber, LetterNumber, ConnectorPunctuation,
    ];

    public static string Name(UnicodeCategory category) => Short[(int)category];

    /// <summary>The categories of <c>L</c>, <c>Lu</c>, <c>Letter</c>..., or null for a property of another kind.</summary>
    public static List<UnicodeCategory>? Find(string name)
    {
        name = Groups.GetValueOrDefault(name, name);
        if (name.Length is 0 or > 2) return null;
        var found = new List<UnicodeCategory>();
        for (var i = 0; i < Short.Length; i++)
            if (Short[i].StartsWith(name, StringComparison.OrdinalIgnoreCase)) found.Add((UnicodeCategory)i);
        return found.Count > 0 ? found : null;
    }

    public static IEnumerable<UnicodeCategory> Complement(IReadOnlyList<UnicodeCategory> categories) =>
        Enum.GetValues<UnicodeCategory>().Where(category => !categories.Contains(category));
}
