using System.Globalization;
using Grid.Tokenization.ChatTemplates.Objects;
using Grid.Tokenization.ChatTemplates.Operations;

namespace Grid.Tokenization.ChatTemplates.Filters;

/// <summary>The <c>attribute</c> of filters: <c>function.name</c>, <c>items.0</c>, or an index.</summary>
internal static class AttributePath
{
    public static object? Get(object? value, object? path, object? fallback = null)
    {
        if (Values.Text(path) is not { } text) return Step(value, path, fallback);
        foreach (var part in text.Split('.'))
            value = Step(value, long.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var index) ? index : part,
                fallback);
        return value;
    }

    private static object? Step(object? value, object? key, object? fallback)
    {
        var item = Members.GetItem(value, key);
        return item is Undefined && fallback is not null ? fallback : item;
    }
}
