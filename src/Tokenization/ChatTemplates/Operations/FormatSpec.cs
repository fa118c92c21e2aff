using System.Globalization;
using System.Numerics;
using System.Text.RegularExpressions;
using Grid.Tokenization.ChatTemplates.Objects;

namespace Grid.Tokenization.ChatTemplates.Operations;

/// <summary>Python's format specification, shared by <c>%</c> and <c>str.format</c>.</summary>
internal sealed partial record FormatSpec(string Fill, char Align, char Sign, bool IsAlternate, long Width, bool IsGrouped, long? Precision,
    char Type)
{
    // A double has no more than about 1,075 digits after the point.
    private const int MaxPrecision = 1100;

    public static FormatSpec Parse(string text)
    {
        var match = Pattern().Match(text);
        if (!match.Success) throw new TemplateRuntimeException($"Invalid format specifier '{text}'");
        var zero = match.Groups["zero"].Length > 0;
        var align = match.Groups["align"].Value;
        return new(
            match.Groups["fill"].Length > 0 ? match.Groups["fill"].Value : zero ? "0" : " ",
            align.Length > 0 ? align[0] : zero ? '=' : ' ',
            match.Groups["sign"].Length > 0 ? match.Groups["sign"].Value[0] : '-',
            match.Groups["alt"].Length > 0,
            Count(match.Groups["width"].Value) ?? 0,
            match.Groups["group"].Length > 0,
            Count(match.Groups["precision"].Value),
            match.Groups["type"].Length > 0 ? match.Groups["type"].Value[0] : ' ');
    }

    public string Format(object? value, Budget budget)
    {
        budget.Copy(Math.Max(Width, Precision ?? 0));
        if (!Numbers.IsNumber(value) || (value is bool && Type == ' ')) return Pad("", Text(value), '<');
        var (isNegative, digits) = Type is 'd' or 'x' or 'X' or 'o' or 'b' or 'c' || (Type == ' ' && Numbers.IsInteger(value))
            ? Integer(value)
            : Real(Numbers.ToDouble(value));
        return Pad(isNegative ? "-" : Sign == '-' ? "" : Sign.ToString(), digits, '>');
    }

    [GeneratedRegex(
        @"^(?:(?<fill>.)?(?<align>[<>=^]))?(?<sign>[-+ ])?(?<alt>#)?(?<zero>0)?(?<width>\d{1,8})?(?<group>,)?"
        + @"(?:\.(?<precision>\d{1,8}))?(?<type>[a-zA-Z%])?$",
        RegexOptions.Singleline)]
    private static partial Regex Pattern();

    private static long? Count(string digits) => digits.Length == 0 ? null : long.Parse(digits, CultureInfo.InvariantCulture);

    private string Text(object? value)
    {
        if (Type is not (' ' or 's'))
            throw new TemplateRuntimeException($"Unknown format code '{Type}' for object of type '{Values.TypeName(value)}'");
        var text = PythonText.Str(value);
        return Precision is { } length ? CodePoints.Slice(text, 0, length, null) : text;
    }

    private (bool IsNegative, string Digits) Integer(object? value)
    {
        if (value is double) throw new TemplateRuntimeException($"Unknown format code '{Type}' for object of type 'float'");
        var number = Numbers.ToBig(value);
        if (Type == 'c') return (false, char.ConvertFromUtf32((int)number));
        var size = BigInteger.Abs(number);
        var digits = Type switch
        {
            'x' => Prefix("0x", Radix(size, 16)),
            'X' => Prefix("0X", Radix(size, 16).ToUpperInvariant()),
            'o' => Prefix("0o", Radix(size, 8)),
            'b' => Prefix("0b", Radix(size, 2)),
            _ => size.ToString(IsGrouped ? "N0" : "D", CultureInfo.InvariantCulture),
        };
        return (number.Sign < 0, digits);
    }

    private (bool IsNegative, string Digits) Real(double value)
    {
        var size = Math.Abs(value);
        var isNegative = value < 0 || (value == 0 && double.IsNegative(value));
        if (!double.IsFinite(value)) return (isNegative, PythonText.Float(size));
        var precision = (int)Math.Min(Precision ?? 6, MaxPrecision);
        var digits = Type switch
        {
            'f' or 'F' => size.ToString((IsGrouped ? "N" : "F") + precision, CultureInfo.InvariantCulture),
            '%' => (size * 100).ToString("F" + precision, CultureInfo.InvariantCulture) + "%",
            'e' or 'E' => Exponent(size, precision),
            ' ' when Precision is null => PythonText.Float(size),
            'g' or 'G' or ' ' => General(size, Math.Max(1, precision)),
            _ => throw new TemplateRuntimeException($"Unknown format code '{Type}' for object of type 'float'"),
        };
        return (isNegative, Type is 'E' or 'G' ? digits.ToUpperInvariant() : digits);
    }

    private static string Exponent(double size, int precision) =>
        size.ToString("0." + new string('0', precision) + "e+00", CultureInfo.InvariantCulture) is var text && precision == 0
            ? text.Replace(".", "", StringComparison.Ordinal)
            : text;

    private static string General(double size, int precision)
    {
        var scientific = Exponent(size, precision - 1);
        var exponent = int.Parse(scientific.AsSpan(scientific.IndexOf('e') + 1), CultureInfo.InvariantCulture);
        if (exponent >= -4 && exponent < precision)
            return Trim(size.ToString("F" + Math.Max(0, precision - 1 - exponent), CultureInfo.InvariantCulture));
        return Trim(scientific[..scientific.IndexOf('e')]) + scientific[scientific.IndexOf('e')..];
    }

    private static string Trim(string digits) => digits.Contains('.') ? digits.TrimEnd('0').TrimEnd('.') : digits;

    private static string Radix(BigInteger value, int radix)
    {
        if (value.IsZero) return "0";
        var digits = "";
        for (; !value.IsZero; value /= radix) digits = "0123456789abcdef"[(int)(value % radix)] + digits;
        return digits;
    }

    private string Prefix(string prefix, string digits) => IsAlternate ? prefix + digits : digits;

    private string Pad(string sign, string text, char defaultAlign)
    {
        var missing = (int)Math.Max(0, Width - sign.Length - CodePoints.Length(text));
        var align = Align == ' ' ? defaultAlign : Align;
        var left = align switch { '<' => 0, '^' => missing / 2, _ => missing };
        var (before, after) = (Repeat(left), Repeat(missing - left));
        return align == '=' ? sign + before + text : before + sign + text + after;
    }

    private string Repeat(int count) => string.Concat(Enumerable.Repeat(Fill, count));
}
