using System.Text.Json;

namespace Grid.Tokenization.HuggingFace;

/// <summary>A component of a tokenizer's JSON file, with what messages need to name it.</summary>
internal sealed class JsonComponent(string file, string path, JsonElement element)
{
    public JsonElement Element => element;

    /// <summary>The component's kind; empty where it has none.</summary>
    public string Type => GetString("type", "");

    /// <summary>A member, or null where it is absent or null.</summary>
    public JsonComponent? Find(string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null
            ? new JsonComponent(file, path.Length == 0 ? name : $"{path}.{name}", value)
            : null;

    public JsonComponent Get(string name) => Find(name) ?? throw Fault($"the field '{name}' is missing");

    /// <summary>The elements of a list; none where it is absent.</summary>
    public IEnumerable<JsonComponent> Items(string name)
    {
        if (Find(name) is not { } list) return [];
        if (list.Element.ValueKind != JsonValueKind.Array) throw list.Fault("a list is needed");
        return list.Element.EnumerateArray()
            .Select((item, index) => new JsonComponent(file, $"{path}.{name}[{index}]".TrimStart('.'), item));
    }

    public string Text() => element.ValueKind == JsonValueKind.String ? element.GetString()! : throw Fault("a string is needed");

    public int Integer() =>
        element.ValueKind == JsonValueKind.Number && element.TryGetInt32(out var value) ? value : throw Fault("an integer is needed");

    public bool Flag() =>
        element.ValueKind is JsonValueKind.True or JsonValueKind.False ? element.GetBoolean() : throw Fault("true or false is needed");

    public char Character() => Text() is [var character] ? character : throw Fault($"one character is needed, not '{Text()}'");

    public string GetString(string name, string absent) => Find(name)?.Text() ?? absent;

    public bool GetFlag(string name, bool absent = false) => Find(name)?.Flag() ?? absent;

    public TokenizerException Fault(string message, Exception? inner = null) => new(file, path.Length == 0 ? "root" : path, message, inner);

    /// <summary>For a component of an unknown kind.</summary>
    public TokenizerException UnsupportedType(string supported) => Fault($"type '{Type}' is not supported; supported: {supported}");
}
