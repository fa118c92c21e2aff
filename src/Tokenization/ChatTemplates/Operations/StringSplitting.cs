using Grid.Tokenization.ChatTemplates.Objects;

namespace Grid.Tokenization.ChatTemplates.Operations;

/// <summary><c>str.split</c>, <c>rsplit</c> and <c>splitlines</c>.</summary>
internal static class StringSplitting
{
    public static List<object?> Split(string name, string text, Arguments arguments, Budget budget, bool fromRight)
    {
        var bound = arguments.Bind(name, "sep", "maxsplit");
        var limit = bound.Integer(1, -1)!.Value;
        var parts = bound.OptionalText(0) is { } separator
            ? BySeparator(text, separator, limit, fromRight)
            : ByWhitespace(text, limit, fromRight);
        budget.Copy(text.Length);
        budget.Step(parts.Count / 16);
        return parts;
    }

    public static List<object?> Lines(string text, bool keepEnds)
    {
        List<object?> lines = [];
        for (var start = 0; start < text.Length;)
        {
            var end = start;
            while (end < text.Length && !IsLineEnd(text[end])) end++;
            var next = end;
            if (next < text.Length) next += text[next] == '\r' && next + 1 < text.Length && text[next + 1] == '\n' ? 2 : 1;
            lines.Add(text[start..(keepEnds ? next : end)]);
            start = next;
        }

        return lines;
    }

    private static List<object?> BySeparator(string text, string separator, long limit, bool fromRight)
    {
        if (separator.Length == 0) throw new TemplateRuntimeException("empty separator");
        if (limit < 0 || limit >= int.MaxValue) return [.. text.Split(separator)];
        if (!fromRight) return [.. text.Split(separator, (int)limit + 1)];

        List<object?> parts = [];
        var end = text.Length;
        for (var at = 0; parts.Count < limit && (at = text.AsSpan(0, end).LastIndexOf(separator)) >= 0; end = at)
            parts.Add(text[(at + separator.Length)..end]);
        parts.Add(text[..end]);
        parts.Reverse();
        return parts;
    }

    private static List<object?> ByWhitespace(string text, long limit, bool fromRight)
    {
        List<object?> parts = [];
        var rest = text.AsSpan().Trim(PythonText.Whitespace);
        while (!rest.IsEmpty)
        {
            var at = parts.Count == limit
                ? -1
                : fromRight ? rest.LastIndexOfAny(PythonText.Whitespace) : rest.IndexOfAny(PythonText.Whitespace);
            parts.Add((at < 0 ? rest : fromRight ? rest[(at + 1)..] : rest[..at]).ToString());
            rest = at < 0 ? [] : fromRight ? rest[..at].TrimEnd(PythonText.Whitespace) : rest[at..].TrimStart(PythonText.Whitespace);
        }

        if (fromRight) parts.Reverse();
        return parts;
    }

    private static bool IsLineEnd(char character) =>
        character is '\n' or '\r' or '\v' or '\f' or '\x1c' or '\x1d' or '\x1e' or '\x85' or '\u2028' or '\u2029';
}
