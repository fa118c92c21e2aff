using System.Text;
using Grid.Tokenization.ChatTemplates.Objects;
using Grid.Tokenization.ChatTemplates.Operations;

namespace Grid.Tokenization.ChatTemplates.Filters;

/// <summary>Filters that make text.</summary>
internal static class TextFilters
{
    public static object? ToJson(IRenderer renderer, object? value, Arguments arguments)
    {
        var bound = arguments.Bind("tojson", "ensure_ascii", "indent", "separators", "sort_keys");
        var indent = bound.Get(1, null) switch
        {
            null => null,
            var width when Numbers.IsInteger(width) => Spaces(renderer, bound.Integer(1)),
            _ => bound.Text(1),
        };
        var (item, key) = (indent is null ? ", " : ",", ": ");
        if (bound.Get(2, null) is { } separators)
        {
            if (Values.Iterate(separators) is not [string first, string second])
                throw new TemplateRuntimeException("separators must be two strings");
            (item, key) = (first, second);
        }

        var text = new JsonText(bound.Flag(0), indent, item, key, bound.Flag(3)).Write(value);
        renderer.Budget.Copy(text.Length);
        return text;
    }

    public static object? Trim(IRenderer renderer, object? value, Arguments arguments)
    {
        var trimmed = StringMethods.Find("strip")!(PythonText.Str(value), arguments, renderer.Budget);
        return value is Markup ? new Markup((string)trimmed!) : trimmed;
    }

    public static object? Replace(IRenderer renderer, object? value, Arguments arguments)
    {
        var bound = arguments.Bind("replace", "old", "new", "count");
        return StringMethods.Replace(PythonText.Str(value), PythonText.Str(bound[0]), PythonText.Str(bound[1]), bound.Integer(2, -1)!.Value,
            renderer.Budget);
    }

    public static object? Indent(IRenderer renderer, object? value, Arguments arguments)
    {
        var bound = arguments.Bind("indent", "width", "first", "blank");
        var indent = Values.Text(bound.Get(0, null)) ?? Spaces(renderer, bound.Integer(0, 4)!.Value);
        var lines = (PythonText.Str(value) + "\n").Split('\n')[..^1];
        renderer.Budget.Copy(lines.Length * (long)indent.Length);
        for (var i = bound.Flag(1) ? 0 : 1; i < lines.Length; i++)
            if (lines[i].Length > 0 || bound.Flag(2)) lines[i] = indent + lines[i];
        return StringMethods.Join("\n", lines, renderer.Budget);
    }

    public static object? Center(IRenderer renderer, object? value, Arguments arguments) =>
        StringMethods.Find("center")!(PythonText.Str(value), new([arguments.Bind("center", "width").Get(0, 80L)]), renderer.Budget);

    public static object? Format(IRenderer renderer, object? value, Arguments arguments)
    {
        object? values = arguments.Positional.ToArray();
        if (arguments.Keyword.Count > 0)
        {
            if (arguments.Positional.Count > 0)
                throw new TemplateRuntimeException("can't handle positional and keyword arguments at the same time");
            var dict = new TemplateDict();
            foreach (var (name, item) in arguments.Keyword) dict[name] = item;
            values = dict;
        }

        return PercentFormat.Apply(PythonText.Str(value), values, renderer.Budget);
    }

    public static object? Truncate(IRenderer renderer, object? value, Arguments arguments)
    {
        var bound = arguments.Bind("truncate", "length", "killwords", "end", "leeway");
        var (text, length, end) = (PythonText.Str(value), bound.Integer(0, 255)!.Value, bound.OptionalText(2) ?? "...");
        if (CodePoints.Length(text) <= length + bound.Integer(3, 5)) return text;
        var head = CodePoints.Slice(text, 0, Math.Max(0, length - CodePoints.Length(end)), null);
        if (!bound.Flag(1) && head.LastIndexOf(' ') is >= 0 and var space) head = head[..space];
        return head + end;
    }

    public static object? UrlEncode(IRenderer renderer, object? value, Arguments arguments)
    {
        if (Values.Text(value) is not null || value is null or bool or long or double) return Quote(PythonText.Str(value), "/");
        var pairs = value is TemplateDict dict ? DictMethods.Items(dict) : Values.Iterate(value);
        return string.Join('&',
            pairs.Select(pair => string.Join('=', Values.Iterate(pair).Select(part => Quote(PythonText.Str(part), "")))));
    }

    public static object? WordCount(IRenderer renderer, object? value, Arguments arguments)
    {
        var (count, inWord) = (0L, false);
        foreach (var character in PythonText.Str(value))
        {
            var isWord = char.IsLetterOrDigit(character) || character == '_';
            if (isWord && !inWord) count++;
            inWord = isWord;
        }

        return count;
    }

    /// <summary>Words begin after spaces, hyphens and opening brackets.</summary>
    public static string Title(string text)
    {
        var result = new StringBuilder(text.Length);
        var isStart = true;
        foreach (var character in text)
        {
            result.Append(isStart ? char.ToUpperInvariant(character) : char.ToLowerInvariant(character));
            isStart = PythonText.IsSpace(character) || character is '-' or '(' or '{' or '[' or '<';
        }

        return result.ToString();
    }

    private static string Spaces(IRenderer renderer, long count)
    {
        renderer.Budget.Copy(count);
        return new(' ', (int)Math.Max(0, count));
    }

    private static string Quote(string text, string safe) => safe.Length == 0
        ? Uri.EscapeDataString(text)
        : string.Join('/', text.Split('/').Select(Uri.EscapeDataString));
}
