using System.Globalization;
using System.Numerics;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Grid.Tokenization.ChatTemplates.Objects;

/// <summary>JSON as Python's <c>json.loads</c> reads it.</summary>
internal static class JsonValues
{
    public static object? From(JsonNode? node) => node is null ? null : From(JsonSerializer.SerializeToElement(node));

    public static object? From(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => Dict(element),
        JsonValueKind.Array => element.EnumerateArray().Select(From).ToList(),
        JsonValueKind.String => element.GetString(),
        JsonValueKind.Number => Number(element),
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => null,
    };

    private static TemplateDict Dict(JsonElement element)
    {
        var dict = new TemplateDict();
        foreach (var property in element.EnumerateObject()) dict[property.Name] = From(property.Value);
        return dict;
    }

    private static object Number(JsonElement element)
    {
        var text = element.GetRawText();
        if (text.AsSpan().ContainsAny('.', 'e', 'E')) return double.Parse(text, CultureInfo.InvariantCulture);
        return long.TryParse(text, CultureInfo.InvariantCulture, out var number)
            ? number
            : Numbers.Normalize(BigInteger.Parse(text, CultureInfo.InvariantCulture));
    }
}
