using System.Text.Json;

namespace Grid.Silo.OpenAI.Requests;

/// <summary>Reads the fields of one JSON object by type. Null is the same as absent; a wrong type is a 400 that names the field.</summary>
/// <param name="source">The JSON object that has the fields.</param>
/// <param name="path">The path of the object in the body, such as <c>stream_options.</c>; empty for the body itself.</param>
internal readonly struct JsonFields(JsonElement source, string path = "")
{
    public JsonElement Source { get; } = source;

    /// <summary>The field's name as messages write it.</summary>
    public string PathOf(string name) => path + name;

    public bool TryGet(string name, out JsonElement value) =>
        Source.TryGetProperty(name, out value) && value.ValueKind != JsonValueKind.Null;

    public bool? Bool(string name) => !TryGet(name, out var value) ? null : value.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw Wrong(name, "true or false", value),
    };

    public int? Int(string name) => TryGet(name, out var value) ? Int(value, PathOf(name)) : null;

    public long? Long(string name)
    {
        if (!TryGet(name, out var value)) return null;
        return value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number)
            ? number
            : throw Wrong(name, "an integer of 64 bits", value);
    }

    public double? Number(string name)
    {
        if (!TryGet(name, out var value)) return null;
        return value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && double.IsFinite(number)
            ? number
            : throw Wrong(name, "a finite number", value);
    }

    public string? String(string name) => TryGet(name, out var value) ? String(value, PathOf(name)) : null;

    /// <summary>A string that has to be there and is not empty.</summary>
    public string RequiredString(string name)
    {
        var text = String(name) ?? throw Missing(name);
        return text.Length > 0 ? text : throw ApiException.BadField(PathOf(name), $"{PathOf(name)} must not be empty.");
    }

    /// <summary>A string or a list of them.</summary>
    public IReadOnlyList<string>? StringOrStrings(string name)
    {
        if (!TryGet(name, out var value)) return null;
        return value.ValueKind == JsonValueKind.String
            ? [String(value, PathOf(name))]
            : List(name, "a string or a list of strings", String);
    }

    public IReadOnlyList<string>? Strings(string name) => TryGet(name, out _) ? List(name, "a list of strings", String) : null;

    public IReadOnlyList<int>? Ints(string name) => TryGet(name, out _) ? List(name, "a list of integers", Int) : null;

    public JsonFields? Object(string name)
    {
        if (!TryGet(name, out var value)) return null;
        return value.ValueKind == JsonValueKind.Object ? new JsonFields(value, PathOf(name) + ".") : throw Wrong(name, "an object", value);
    }

    /// <summary>A field that has to be there.</summary>
    public JsonElement Required(string name) => TryGet(name, out var value) ? value : throw Missing(name);

    public ApiException Missing(string name) => ApiException.BadField(PathOf(name), $"{PathOf(name)} is required and missing.");

    public ApiException Wrong(string name, string expected, JsonElement value) => WrongType(PathOf(name), expected, value);

    public static ApiException WrongType(string path, string expected, JsonElement value) =>
        ApiException.BadField(path, $"{path} must be {expected}; got {Describe(value)}.");

    public static int Int(JsonElement value, string path) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number)
            ? number
            : throw WrongType(path, "an integer of 32 bits", value);

    public static string String(JsonElement value, string path)
    {
        if (value.ValueKind != JsonValueKind.String) throw WrongType(path, "a string", value);
        try
        {
            return value.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw ApiException.BadField(path, $"{path} must be valid Unicode; got half of a surrogate pair.");
        }
    }

    /// <summary>What a value is, for messages: its kind, and the value where it is short.</summary>
    public static string Describe(JsonElement value)
    {
        const int Longest = 40;
        var text = value.GetRawText();
        if (text.Length > Longest) text = string.Concat(text.AsSpan(0, Longest), "...");
        return value.ValueKind switch
        {
            JsonValueKind.Object => "an object",
            JsonValueKind.Array => "a list",
            JsonValueKind.String => $"the string {text}",
            _ => text,
        };
    }

    private List<T> List<T>(string name, string expected, Func<JsonElement, string, T> read)
    {
        var value = Source.GetProperty(name);
        if (value.ValueKind != JsonValueKind.Array) throw Wrong(name, expected, value);
        var items = new List<T>(value.GetArrayLength());
        foreach (var item in value.EnumerateArray()) items.Add(read(item, $"{PathOf(name)}[{items.Count}]"));
        return items;
    }
}
