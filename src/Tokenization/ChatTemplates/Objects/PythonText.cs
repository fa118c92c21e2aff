using System.Globalization;
using System.Numerics;
using System.Text;

namespace Grid.Tokenization.ChatTemplates.Objects;

/// <summary>Python's <c>str()</c> and <c>repr()</c>.</summary>
internal static class PythonText
{
    /// <summary>What <c>str.strip()</c> takes away.</summary>
    public static char[] Whitespace { get; } = [.. Enumerable.Range(0, 0x3001).Select(code => (char)code).Where(IsSpace)];

    public static bool IsSpace(char character) => char.IsWhiteSpace(character) || character is >= '\x1c' and <= '\x1f';

    public static string Str(object? value) => value switch
    {
        string text => text,
        Markup markup => markup.Text,
        Undefined => "",
        _ => Repr(value),
    };

    public static string Repr(object? value)
    {
        var text = new StringBuilder();
        AppendRepr(text, value, 0);
        return text.ToString();
    }

    /// <summary>The shortest digits that give the number back, in Python's layout.</summary>
    public static string Float(double value)
    {
        if (double.IsNaN(value)) return "nan";
        if (double.IsInfinity(value)) return value > 0 ? "inf" : "-inf";
        var shortest = Math.Abs(value).ToString("R", CultureInfo.InvariantCulture);
        var mark = shortest.IndexOf('E');
        var mantissa = mark < 0 ? shortest : shortest[..mark];
        var point = mantissa.IndexOf('.') is >= 0 and var found ? found : mantissa.Length;
        var digits = mantissa.Replace(".", "", StringComparison.Ordinal);
        var significant = digits.TrimStart('0');
        var exponent = (mark < 0 ? 0 : int.Parse(shortest.AsSpan(mark + 1), CultureInfo.InvariantCulture))
            + point - 1 - (digits.Length - significant.Length);
        return (double.IsNegative(value) ? "-" : "") + Layout(significant.TrimEnd('0'), exponent);
    }

    private static string Layout(string digits, int exponent) => (digits.Length, exponent) switch
    {
        (0, _) => "0.0",
        (_, < -4 or >= 16) =>
            $"{digits[0]}{(digits.Length > 1 ? "." : "")}{digits[1..]}e{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent):00}",
        (_, < 0) => "0." + new string('0', -exponent - 1) + digits,
        var (length, _) when length <= exponent + 1 => digits.PadRight(exponent + 1, '0') + ".0",
        _ => digits[..(exponent + 1)] + "." + digits[(exponent + 1)..],
    };

    private static void AppendRepr(StringBuilder text, object? value, int depth)
    {
        Budget.CheckNesting(depth);
        if (text.Length > Budget.MaxCharacters)
            throw new TemplateRuntimeException($"a value has more than {Budget.MaxCharacters:N0} characters");
        switch (value)
        {
            case null: text.Append("None"); break;
            case bool flag: text.Append(flag ? "True" : "False"); break;
            case double number: text.Append(Float(number)); break;
            case long or BigInteger: text.Append(CultureInfo.InvariantCulture, $"{value}"); break;
            case string s: AppendRepr(text, s); break;
            case Markup markup:
                text.Append("Markup(");
                AppendRepr(text, markup.Text);
                text.Append(')');
                break;
            case List<object?> list: AppendItems(text, '[', list, "]", depth); break;
            case object?[] tuple: AppendItems(text, '(', tuple, tuple.Length == 1 ? ",)" : ")", depth); break;
            case TemplateDict dict: AppendDict(text, dict, depth); break;
            case TemplateNamespace members:
                text.Append("<Namespace ");
                AppendDict(text, members.Members, depth);
                text.Append('>');
                break;
            case Undefined: text.Append("Undefined"); break;
            default: text.Append('<').Append(Values.TypeName(value)).Append('>'); break;
        }
    }

    private static void AppendItems(StringBuilder text, char open, IReadOnlyList<object?> items, string close, int depth)
    {
        text.Append(open);
        for (var i = 0; i < items.Count; i++)
        {
            if (i > 0) text.Append(", ");
            AppendRepr(text, items[i], depth + 1);
        }

        text.Append(close);
    }

    private static void AppendDict(StringBuilder text, TemplateDict dict, int depth)
    {
        text.Append('{');
        var separator = "";
        foreach (var (key, value) in dict)
        {
            text.Append(separator);
            AppendRepr(text, key, depth + 1);
            text.Append(": ");
            AppendRepr(text, value, depth + 1);
            separator = ", ";
        }

        text.Append('}');
    }

    private static void AppendRepr(StringBuilder text, string value)
    {
        var quote = value.Contains('\'') && !value.Contains('"') ? '"' : '\'';
        text.Append(quote);
        foreach (var rune in value.EnumerateRunes())
        {
            switch (rune.Value)
            {
                case '\n': text.Append("\\n"); break;
                case '\r': text.Append("\\r"); break;
                case '\t': text.Append("\\t"); break;
                case '\\': text.Append("\\\\"); break;
                case var code when code == quote: text.Append('\\').Append(quote); break;
                case var code when IsPrintable(rune): text.Append(rune.ToString()); break;
                case < 0x100: text.Append(CultureInfo.InvariantCulture, $"\\x{rune.Value:x2}"); break;
                case < 0x10000: text.Append(CultureInfo.InvariantCulture, $"\\u{rune.Value:x4}"); break;
                default: text.Append(CultureInfo.InvariantCulture, $"\\U{rune.Value:x8}"); break;
            }
        }

        text.Append(quote);
    }

    private static bool IsPrintable(Rune rune) => rune.Value == ' ' || Rune.GetUnicodeCategory(rune) is not (
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse
        or UnicodeCategory.OtherNotAssigned or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
            or UnicodeCategory.SpaceSeparator);
}
