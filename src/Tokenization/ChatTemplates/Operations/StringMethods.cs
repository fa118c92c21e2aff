using System.Globalization;
using System.Text;
using Grid.Tokenization.ChatTemplates.Objects;

namespace Grid.Tokenization.ChatTemplates.Operations;

/// <summary>Methods of Python's str.</summary>
internal static class StringMethods
{
    private static readonly Dictionary<string, Method> Methods = new()
    {
        ["capitalize"] = (text, arguments, _) => Plain(arguments, "capitalize", Capitalize(text)),
        ["casefold"] = (text, arguments, _) =>
            Plain(arguments, "casefold", text.ToLowerInvariant().Replace("ß", "ss", StringComparison.Ordinal)),
        ["center"] = (text, arguments, budget) => Justify("center", text, arguments, budget),
        ["count"] = (text, arguments, _) => Count(text, arguments.Bind("count", "sub")),
        ["endswith"] = (text, arguments, _) =>
            Affix(arguments.Bind("endswith", "suffix"), suffix => text.EndsWith(suffix, StringComparison.Ordinal)),
        ["find"] = (text, arguments, _) => Find("find", text, arguments, isLast: false),
        ["format"] = (text, arguments, budget) => StringFormat.Apply(text, arguments, budget),
        ["index"] = (text, arguments, _) => Found(Find("index", text, arguments, isLast: false)),
        ["isalnum"] = (text, _, _) => All(text, Rune.IsLetterOrDigit),
        ["isalpha"] = (text, _, _) => All(text, Rune.IsLetter),
        ["isascii"] = (text, _, _) => Ascii.IsValid(text),
        ["isdecimal"] = (text, _, _) => All(text, Rune.IsDigit),
        ["isdigit"] = (text, _, _) =>
            All(text,
            rune => Rune.IsDigit(rune)
                || (Rune.GetUnicodeCategory(rune) == UnicodeCategory.OtherNumber && Rune.GetNumericValue(rune) is >= 0 and <= 9)),
        ["islower"] = (text, _, _) => IsCase(text, Rune.IsLower, Rune.IsUpper),
        ["isnumeric"] = (text, _, _) => All(text, Rune.IsNumber),
        ["isspace"] = (text, _, _) => text.Length > 0 && text.All(PythonText.IsSpace),
        ["isupper"] = (text, _, _) => IsCase(text, Rune.IsUpper, Rune.IsLower),
        ["join"] = (text, arguments, budget) => Join(text, arguments.Bind("join", "iterable")[0], budget),
        ["ljust"] = (text, arguments, budget) => Justify("ljust", text, arguments, budget),
        ["lower"] = (text, arguments, _) => Plain(arguments, "lower", text.ToLowerInvariant()),
        ["lstrip"] = (text, arguments, _) => text.TrimStart(Trimmed("lstrip", arguments)),
        ["partition"] = (text, arguments, _) => Partition(text, arguments.Bind("partition", "sep").Text(0), isLast: false),
        ["removeprefix"] = (text, arguments, _) =>
            arguments.Bind("removeprefix", "prefix").Text(0) is var prefix && text.StartsWith(prefix, StringComparison.Ordinal)
                ? text[prefix.Length..]
                : text,
        ["removesuffix"] = (text, arguments, _) =>
            arguments.Bind("removesuffix", "suffix").Text(0) is var suffix && text.EndsWith(suffix, StringComparison.Ordinal)
                ? text[..^suffix.Length]
                : text,
        ["replace"] = Replace,
        ["rfind"] = (text, arguments, _) => Find("rfind", text, arguments, isLast: true),
        ["rindex"] = (text, arguments, _) => Found(Find("rindex", text, arguments, isLast: true)),
        ["rjust"] = (text, arguments, budget) => Justify("rjust", text, arguments, budget),
        ["rpartition"] = (text, arguments, _) => Partition(text, arguments.Bind("rpartition", "sep").Text(0), isLast: true),
        ["rsplit"] = (text, arguments, budget) => StringSplitting.Split("rsplit", text, arguments, budget, fromRight: true),
        ["rstrip"] = (text, arguments, _) => text.TrimEnd(Trimmed("rstrip", arguments)),
        ["split"] = (text, arguments, budget) => StringSplitting.Split("split", text, arguments, budget, fromRight: false),
        ["splitlines"] = (text, arguments, _) => StringSplitting.Lines(text, arguments.Bind("splitlines", "keepends").Flag(0)),
        ["startswith"] = (text, arguments, _) =>
            Affix(arguments.Bind("startswith", "prefix"), prefix => text.StartsWith(prefix, StringComparison.Ordinal)),
        ["strip"] = (text, arguments, _) => text.Trim(Trimmed("strip", arguments)),
        ["swapcase"] = (text, arguments, _) =>
            Plain(arguments, "swapcase",
            string.Concat(text.Select(c => char.IsUpper(c) ? char.ToLowerInvariant(c) : char.ToUpperInvariant(c)))),
        ["title"] = (text, arguments, _) => Plain(arguments, "title", Title(text)),
        ["upper"] = (text, arguments, _) => Plain(arguments, "upper", Upper(text)),
        ["zfill"] = (text, arguments, budget) => ZeroFill(text, arguments.Bind("zfill", "width").Integer(0), budget),
    };

    public delegate object? Method(string text, Arguments arguments, Budget budget);

    public static Method? Find(string name) => Methods.GetValueOrDefault(name);

    public static string Upper(string text) => text.ToUpperInvariant().Replace("ß", "SS", StringComparison.Ordinal);

    public static string Capitalize(string text)
    {
        if (text.Length == 0) return text;
        var head = CodePoints.Offset(text, 1);
        return Upper(text[..head]) + text[head..].ToLowerInvariant();
    }

    public static string Join(string separator, object? value, Budget budget)
    {
        var items = Values.Iterate(value);
        var parts = new string[items.Count];
        for (var i = 0; i < parts.Length; i++)
            parts[i] = Values.Text(items[i])
                ?? throw new TemplateRuntimeException($"sequence item {i}: expected str instance, {Values.TypeName(items[i])} found");
        return Join(separator, parts, budget);
    }

    public static string Join(string separator, string[] parts, Budget budget)
    {
        budget.Copy(parts.Sum(part => (long)part.Length) + (long)separator.Length * parts.Length);
        return string.Join(separator, parts);
    }

    public static string Replace(string text, string old, string replacement, long count, Budget budget)
    {
        var pieces = old.Length == 0 ? CodePoints.Characters(text).Select(Values.Text).Prepend("").Append("").ToArray() : text.Split(old);
        var times = count < 0 ? pieces.Length - 1 : Math.Min(count, pieces.Length - 1);
        budget.Copy(text.Length + times * replacement.Length);
        var result = new StringBuilder(pieces[0]);
        for (var i = 1; i < pieces.Length; i++) result.Append(i <= times ? replacement : old).Append(pieces[i]);
        return result.ToString();
    }

    private static string Replace(string text, Arguments arguments, Budget budget)
    {
        var bound = arguments.Bind("replace", "old", "new", "count");
        return Replace(text, bound.Text(0), bound.Text(1), bound.Integer(2, -1)!.Value, budget);
    }

    private static string Plain(Arguments arguments, string name, string result)
    {
        arguments.Bind(name);
        return result;
    }

    private static char[] Trimmed(string name, Arguments arguments) => arguments.Bind(name, "chars").OptionalText(0) switch
    {
        null => PythonText.Whitespace,
        // An empty array would mean whitespace to .NET and means nothing to Python; U+FFFF is no character.
        "" => ['\uFFFF'],
        var characters => characters.ToCharArray(),
    };

    private static object Affix(BoundArguments arguments, Func<string, bool> matches) =>
        arguments[0] is object?[] options ? options.Any(option => matches(Values.Text(option) ?? "\uFFFF")) : matches(arguments.Text(0));

    private static long Find(string name, string text, Arguments arguments, bool isLast)
    {
        var bound = arguments.Bind(name, "sub", "start", "end");
        var (first, count) = SliceRange.Of(CodePoints.Length(text), bound.Integer(1, null), bound.Integer(2, null), null);
        var window = CodePoints.Slice(text, first, first + count, null);
        var at = isLast
            ? window.LastIndexOf(bound.Text(0), StringComparison.Ordinal)
            : window.IndexOf(bound.Text(0), StringComparison.Ordinal);
        return at < 0 ? -1 : first + CodePoints.Length(window[..at]);
    }

    private static object Found(long index) => index >= 0 ? index : throw new TemplateRuntimeException("substring not found");

    private static object Count(string text, BoundArguments arguments)
    {
        var part = arguments.Text(0);
        return part.Length == 0 ? CodePoints.Length(text) + 1L : text.AsSpan().Count(part);
    }

    private static object?[] Partition(string text, string separator, bool isLast)
    {
        if (separator.Length == 0) throw new TemplateRuntimeException("empty separator");
        var at = isLast ? text.LastIndexOf(separator, StringComparison.Ordinal) : text.IndexOf(separator, StringComparison.Ordinal);
        if (at < 0) return isLast ? ["", "", text] : [text, "", ""];
        return [text[..at], separator, text[(at + separator.Length)..]];
    }

    private static string Justify(string name, string text, Arguments arguments, Budget budget)
    {
        var bound = arguments.Bind(name, "width", "fillchar");
        var fill = bound.OptionalText(1) ?? " ";
        if (CodePoints.Length(fill) != 1) throw new TemplateRuntimeException("The fill character must be exactly one character long");
        var missing = Math.Max(0, bound.Integer(0) - CodePoints.Length(text));
        budget.Copy(missing);
        var left = name switch { "ljust" => 0, "rjust" => missing, _ => missing / 2 + (missing & bound.Integer(0) & 1) };
        return string.Concat(Enumerable.Repeat(fill, (int)left)) + text + string.Concat(Enumerable.Repeat(fill, (int)(missing - left)));
    }

    private static string ZeroFill(string text, long width, Budget budget)
    {
        var missing = Math.Max(0, width - CodePoints.Length(text));
        budget.Copy(missing);
        var sign = text.StartsWith('-') || text.StartsWith('+') ? 1 : 0;
        return text[..sign] + new string('0', (int)missing) + text[sign..];
    }

    private static string Title(string text)
    {
        var result = new StringBuilder(text.Length);
        var inWord = false;
        foreach (var character in text)
        {
            result.Append(inWord ? char.ToLowerInvariant(character) : char.ToUpperInvariant(character));
            inWord = char.IsLetter(character);
        }

        return result.ToString();
    }

    private static object All(string text, Func<Rune, bool> holds) => text.Length > 0 && text.EnumerateRunes().All(holds);

    private static object IsCase(string text, Func<Rune, bool> wanted, Func<Rune, bool> other) =>
        text.EnumerateRunes().Any(wanted) && !text.EnumerateRunes().Any(other);

    private static bool All(this StringRuneEnumerator runes, Func<Rune, bool> holds) => !runes.Any(rune => !holds(rune));

    private static bool Any(this StringRuneEnumerator runes, Func<Rune, bool> holds)
    {
        foreach (var rune in runes)
            if (holds(rune)) return true;
        return false;
    }
}
