using System.Globalization;
using System.Text;
using Grid.Tokenization.ChatTemplates.Objects;

namespace Grid.Tokenization.ChatTemplates.Operations;

/// <summary>Python's <c>str.format</c>.</summary>
internal static class StringFormat
{
    public static string Apply(string format, Arguments arguments, Budget budget)
    {
        var next = 0;
        return Apply(format, arguments, budget, ref next, depth: 0);
    }

    private static string Apply(string format, Arguments arguments, Budget budget, ref int next, int depth)
    {
        if (depth > 2) throw new TemplateRuntimeException("Max string recursion exceeded");
        var text = new StringBuilder();
        for (var i = 0; i < format.Length; i++)
        {
            var character = format[i];
            if (character is not ('{' or '}'))
            {
                text.Append(character);
            }
            else if (i + 1 < format.Length && format[i + 1] == character)
            {
                text.Append(character);
                i++;
            }
            else if (character == '}')
            {
                throw new TemplateRuntimeException("Single '}' encountered in format string");
            }
            else
            {
                var end = FieldEnd(format, i + 1);
                text.Append(Field(format[(i + 1)..end], arguments, budget, ref next, depth));
                budget.Copy(text.Length);
                i = end;
            }
        }

        return text.ToString();
    }

    private static int FieldEnd(string format, int start)
    {
        var depth = 1;
        for (var i = start; i < format.Length; i++)
        {
            depth += format[i] switch { '{' => 1, '}' => -1, _ => 0 };
            if (depth == 0) return i;
        }

        throw new TemplateRuntimeException("expected '}' before end of string");
    }

    private static string Field(string field, Arguments arguments, Budget budget, ref int next, int depth)
    {
        var colon = field.IndexOf(':');
        var (head, spec) = colon < 0 ? (field, "") : (field[..colon], field[(colon + 1)..]);
        var bang = head.IndexOf('!');
        var (path, conversion) = bang < 0 ? (head, "") : (head[..bang], head[(bang + 1)..]);
        var value = Lookup(path, arguments, ref next);
        value = conversion switch
        {
            "" => value,
            "s" => PythonText.Str(value),
            "r" or "a" => PythonText.Repr(value),
            _ => throw new TemplateRuntimeException($"Unknown conversion specifier '{conversion}'"),
        };
        if (spec.Contains('{')) spec = Apply(spec, arguments, budget, ref next, depth + 1);
        return spec.Length == 0 ? PythonText.Str(value) : FormatSpec.Parse(spec).Format(value, budget);
    }

    private static object? Lookup(string path, Arguments arguments, ref int next)
    {
        var end = path.AsSpan().IndexOfAny('.', '[');
        var name = end < 0 ? path : path[..end];
        var value = Argument(name, arguments, ref next);
        for (var rest = end < 0 ? "" : path[end..]; rest.Length > 0;)
        {
            var close = rest[0] == '[' ? rest.IndexOf(']') : rest.AsSpan(1).IndexOfAny('.', '[') + 1;
            if (rest[0] == '[' && close < 0) throw new TemplateRuntimeException("Missing ']' in format string");
            var key = rest[0] == '[' ? rest[1..close] : close > 0 ? rest[1..close] : rest[1..];
            value = rest[0] == '.' ? Members.GetAttribute(value, key)
                : Members.GetItem(value, long.TryParse(key, NumberStyles.None, CultureInfo.InvariantCulture, out var index) ? index : key);
            rest = rest[0] == '[' ? rest[(close + 1)..] : close > 0 ? rest[close..] : "";
        }

        return value;
    }

    private static object? Argument(string name, Arguments arguments, ref int next)
    {
        if (name.Length > 0 && !char.IsAsciiDigit(name[0]))
            return arguments.Keyword.TryGetValue(name, out var value) ? value : throw new TemplateRuntimeException(PythonText.Repr(name));
        var index = name.Length == 0
            ? next++
            : int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var given) ? given : int.MaxValue;
        return index < arguments.Positional.Count ? arguments.Positional[index]
            : throw new TemplateRuntimeException($"Replacement index {index} out of range for positional args tuple");
    }
}
