using System.Globalization;
using System.Numerics;
using System.Text;
using Grid.Tokenization.ChatTemplates.Objects;

namespace Grid.Tokenization.ChatTemplates.Operations;

/// <summary>Python's <c>json.dumps</c>.</summary>
internal sealed class JsonText(bool ensureAscii, string? indent, string itemSeparator, string keySeparator, bool sortKeys)
{
    private readonly StringBuilder _text = new();

    public string Write(object? value)
    {
        Append(value, 0);
        return _text.ToString();
    }

    private void Append(object? value, int depth)
    {
        Budget.CheckNesting(depth);
        if (_text.Length > Budget.MaxCharacters)
            throw new TemplateRuntimeException($"a value has more than {Budget.MaxCharacters:N0} characters as JSON");
        switch (value)
        {
            case TemplateDict dict: AppendDict(dict, depth); break;
            case List<object?> or object?[]: AppendList(Values.Iterate(value), depth); break;
            case string or Markup: AppendString(Values.Text(value)!); break;
            case null or bool or long or double or BigInteger: _text.Append(Scalar(value)); break;
            default: throw new TemplateRuntimeException($"Object of type {Values.TypeName(value)} is not JSON serializable");
        }
    }

    private static string Scalar(object? value) => value switch
    {
        null => "null",
        bool flag => flag ? "true" : "false",
        double.PositiveInfinity => "Infinity",
        double.NegativeInfinity => "-Infinity",
        double.NaN => "NaN",
        _ => PythonText.Str(value),
    };

    private void AppendDict(TemplateDict dict, int depth)
    {
        IEnumerable<KeyValuePair<object, object?>> items = dict;
        if (sortKeys) items = dict.Order(Comparer<KeyValuePair<object, object?>>.Create((a, b) => Operators.Order(a.Key, b.Key)));
        var first = true;
        _text.Append('{');
        foreach (var (key, item) in items)
        {
            Separate(first, depth + 1);
            if (key is not (string or Markup) && !Numbers.IsNumber(key))
                throw new TemplateRuntimeException($"keys must be str, int, float, bool or None, not {Values.TypeName(key)}");
            AppendString(Values.Text(key) ?? Scalar(key));
            _text.Append(keySeparator);
            Append(item, depth + 1);
            first = false;
        }

        if (!first) NewLine(depth);
        _text.Append('}');
    }

    private void AppendList(IReadOnlyList<object?> items, int depth)
    {
        _text.Append('[');
        for (var i = 0; i < items.Count; i++)
        {
            Separate(i == 0, depth + 1);
            Append(items[i], depth + 1);
        }

        if (items.Count > 0) NewLine(depth);
        _text.Append(']');
    }

    private void Separate(bool isFirst, int depth)
    {
        if (!isFirst) _text.Append(itemSeparator);
        NewLine(depth);
    }

    private void NewLine(int depth)
    {
        if (indent is null) return;
        _text.Append('\n');
        for (var i = 0; i < depth; i++) _text.Append(indent);
    }

    private void AppendString(string value)
    {
        _text.Append('"');
        foreach (var character in value)
        {
            switch (character)
            {
                case '"': _text.Append("\\\""); break;
                case '\\': _text.Append("\\\\"); break;
                case '\n': _text.Append("\\n"); break;
                case '\r': _text.Append("\\r"); break;
                case '\t': _text.Append("\\t"); break;
                case '\f': _text.Append("\\f"); break;
                case '\b': _text.Append("\\b"); break;
                case < ' ': AppendEscape(character); break;
                case > '~' when ensureAscii: AppendEscape(character); break;
                default: _text.Append(character); break;
            }
        }

        _text.Append('"');
    }

    private void AppendEscape(char character) => _text.Append(CultureInfo.InvariantCulture, $"\\u{(int)character:x4}");
}
