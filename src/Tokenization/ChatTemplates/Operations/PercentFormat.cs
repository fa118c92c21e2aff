using System.Text;
using System.Text.RegularExpressions;
using Grid.Tokenization.ChatTemplates.Objects;

namespace Grid.Tokenization.ChatTemplates.Operations;

/// <summary>Python's <c>text % values</c>.</summary>
internal static partial class PercentFormat
{
    public static string Apply(string format, object? values, Budget budget)
    {
        var text = new StringBuilder();
        var positional = values as object?[] ?? [values];
        var (next, start) = (0, 0);
        for (var at = format.IndexOf('%'); at >= 0; at = format.IndexOf('%', start))
        {
            var match = Conversion().Match(format, at);
            if (!match.Success)
                throw new TemplateRuntimeException(
                    at == format.Length - 1 ? "incomplete format" : $"unsupported format character at index {at + 1}");
            text.Append(format, start, at - start);
            start = at + match.Length;
            if (match.Groups["type"].Value == "%")
            {
                text.Append('%');
                continue;
            }

            text.Append(Convert(match, match.Groups["key"].Success ? Keyed(values, match.Groups["key"].Value) : Next()));
            budget.Copy(text.Length);
        }

        if (next < positional.Length && values is not TemplateDict)
            throw new TemplateRuntimeException("not all arguments converted during string formatting");
        return text.Append(format, start, format.Length - start).ToString();

        object? Next() =>
            next < positional.Length ? positional[next++] : throw new TemplateRuntimeException("not enough arguments for format string");

        string Convert(Match match, object? value) => Value(match, value, budget);
    }

    [GeneratedRegex(
        @"\G%(?:\((?<key>[^)]*)\))?(?<flags>[-+ #0]*)(?<width>\d{1,8})?(?:\.(?<precision>\d{0,8}))?"
        + "(?<type>[diuoxXeEfFgGcrsa%])")]
    private static partial Regex Conversion();

    private static object? Keyed(object? values, string key)
    {
        if (values is not TemplateDict dict) throw new TemplateRuntimeException("format requires a mapping");
        return dict.TryGetValue(key, out var value) ? value : throw new TemplateRuntimeException(PythonText.Repr(key));
    }

    private static string Value(Match match, object? value, Budget budget)
    {
        var (flags, type) = (match.Groups["flags"].Value, match.Groups["type"].Value[0]);
        if (type is 's' or 'r' or 'a') value = type == 's' ? PythonText.Str(value) : PythonText.Repr(value);
        else if (type == 'c' && Values.Text(value) is { } character) (value, type) = (character, 's');
        else if (!Numbers.IsNumber(value))
            throw new TemplateRuntimeException($"%{type} format: a real number is required, not {Values.TypeName(value)}");
        if (type is 'd' or 'i' or 'u' && value is double real)
            value = Numbers.Normalize(new System.Numerics.BigInteger(Math.Truncate(real)));

        var isText = type is 's' or 'r' or 'a';
        var align = flags.Contains('-') ? "<" : isText ? ">" : flags.Contains('0') ? "0=" : "";
        var sign = flags.Contains('+') ? "+" : flags.Contains(' ') ? " " : "";
        var precision = match.Groups["precision"].Success
            ? "." + (match.Groups["precision"].Length > 0 ? match.Groups["precision"].Value : "0")
            : "";
        var spec = isText ? "s" : type is 'i' or 'u' ? "d" : type.ToString();
        if (spec is "d" or "x" or "X" or "o" or "c") precision = "";
        return FormatSpec.Parse(
            $"{align}{(isText ? "" : sign)}{(flags.Contains('#') ? "#" : "")}{match.Groups["width"].Value}{precision}{spec}")
            .Format(value, budget);
    }
}
