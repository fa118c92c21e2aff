using System.Globalization;
using System.Text.Json;
using Grid.Configuration.Yaml;
using Grid.Primitives.Units;

namespace Grid.Configuration.Reading;

/// <summary>Reads engine: of a model into key and text. Numbers, sizes and lengths are written plainly: <c>4k</c> is <c>4096</c>, <c>auto</c> is <c>-1</c>, <c>2GiB</c> is <c>2147483648</c>.</summary>
/// <param name="sources">Makes paths absolute.</param>
internal sealed class EngineReader(SourceResolver sources)
{
    private const int Kilo = 1024;

    /// <summary>Reads all keys but the names.</summary>
    public Dictionary<string, string>? Read(Section engine)
    {
        var values = new Dictionary<string, string>();
        foreach (var key in EngineKeys.All)
        {
            if (engine.Find(key.Name) is not { } node) continue;
            if (TextOf(key, node) is { } text) values[key.Name] = text;
            else engine.Fault(key.Name, $"must be {RuleOf(key)}, {Section.Describe(node)} given.");
        }

        return values.Count == 0 ? null : values;
    }

    /// <summary>engine.servedModelName: a text or a list of them.</summary>
    public static string[]? Names(Section engine)
    {
        if (engine.Find(EngineKeys.ServedModelName) is not { } node) return null;
        var items = node is ListNode list ? list.Items : [node];
        if (items.Count > 0 && items.All(item => item is ScalarNode { IsNull: false, Text.Length: > 0 }))
            return [.. items.Select(item => ((ScalarNode)item).Text).Distinct()];
        engine.Fault(EngineKeys.ServedModelName, $"must be a name or a list of names, {Section.Describe(node)} given.");
        return null;
    }

    private string? TextOf(EngineKey key, ConfigNode node)
    {
        if (node is ListNode list && key.Value == EngineValue.Text) return List(list);
        if (key.Value == EngineValue.Json) return Json(node);
        if (node is not ScalarNode { Text: { Length: > 0 } text } scalar) return null;
        return key.Value switch
        {
            EngineValue.Truth => scalar.Plain && Section.IsTruth(text) ? text.ToLowerInvariant() : null,
            EngineValue.Whole => scalar.Plain && long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) && whole >= key.Min && whole <= key.Max
                ? whole.ToString(CultureInfo.InvariantCulture) : null,
            EngineValue.Number => scalar.Plain && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number >= key.Min && number <= key.Max
                ? number.ToString(CultureInfo.InvariantCulture) : null,
            EngineValue.Bytes => ByteSize.TryParse(text, out var bytes) && bytes > 0 ? bytes.ToString(CultureInfo.InvariantCulture) : null,
            EngineValue.Time => Duration.TryParse(text, out var time) && time > TimeSpan.Zero ? Duration.Format(time) : null,
            EngineValue.Length => Length(text),
            EngineValue.Choice => Array.Find(key.Choices!, choice => choice == text),
            EngineValue.Path => key.Choices?.Contains(text) == true ? text : sources.Resolve(text),
            _ => text,
        };
    }

    private static string RuleOf(EngineKey key) => key.Value switch
    {
        EngineValue.Truth => "true or false",
        EngineValue.Whole => string.Create(CultureInfo.InvariantCulture, $"a whole number from {(long)key.Min} to {(key.Max >= long.MaxValue ? long.MaxValue : (long)key.Max)}"),
        EngineValue.Number => string.Create(CultureInfo.InvariantCulture, $"a number from {key.Min} to {key.Max}"),
        EngineValue.Bytes => ByteSize.Rule,
        EngineValue.Time => Duration.Rule,
        EngineValue.Length => "a whole number of tokens of at least 1, such as 4096 or 4k, or auto (-1)",
        EngineValue.Choice => $"one of {string.Join(", ", key.Choices!)}",
        EngineValue.Json => "a mapping, or JSON as text",
        _ => "a text",
    };

    private static string? List(ListNode list) =>
        list.Items.All(item => item is ScalarNode { IsNull: false }) ? string.Join(',', list.Items.Select(item => ((ScalarNode)item).Text)) : null;

    private static string? Length(string text)
    {
        if (text is "auto" or "-1") return "-1";
        var inKilo = text[^1] is 'k' or 'K';
        if (!decimal.TryParse(inKilo ? text[..^1] : text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)) return null;
        if (number > int.MaxValue || (number *= inKilo ? Kilo : 1) > int.MaxValue || number < 1 || number % 1 != 0) return null;
        return ((int)number).ToString(CultureInfo.InvariantCulture);
    }

    private static string? Json(ConfigNode node)
    {
        try
        {
            if (node is not ScalarNode scalar) return JsonText.Of(node);
            using var document = JsonDocument.Parse(scalar.Text);
            return document.RootElement.ValueKind == JsonValueKind.Object ? scalar.Text : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
