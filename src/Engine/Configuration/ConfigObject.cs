using System.Text.Json;

namespace Grid.Engine.Configuration;

/// <summary>A JSON object whose values are read by key; null counts as absent, and errors name the file and the key.</summary>
internal sealed class ConfigObject(string source, JsonElement element, string prefix = "")
{
    /// <summary>The file, for messages.</summary>
    public string Source { get; } = source;

    /// <summary>Whether the key is written, be it as null.</summary>
    public bool Mentions(string key) => element.TryGetProperty(key, out _);

    /// <summary>Whether the key has a value.</summary>
    public bool Has(string key) => Find(key) is not null;

    public int? Int(string key)
    {
        if (Find(key) is not { } value) return null;
        if (AsInt(value) is { } number) return number;
        throw Wrong(key, "a whole number", value);
    }

    /// <summary>A whole number from 1; without a fallback the key has to be there.</summary>
    public int PositiveInt(string key, int? fallback = null, int most = int.MaxValue)
    {
        var value = Int(key) ?? fallback ?? throw new ModelLoadException($"{Source}: {prefix}{key} is missing.");
        if (value < 1) throw new ModelLoadException($"{Source}: {prefix}{key} must be at least 1; got {value}.");
        return value <= most ? value : throw new ModelLoadException($"{Source}: {prefix}{key} must be at most {most}; got {value}.");
    }

    public double? Double(string key)
    {
        if (Find(key) is not { } value) return null;
        if (value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && double.IsFinite(number)) return number;
        throw Wrong(key, "a number", value);
    }

    public double? PositiveDouble(string key) =>
        Double(key) is not { } value || value > 0
            ? Double(key)
            : throw new ModelLoadException($"{Source}: {prefix}{key} must be above 0; got {value}.");

    public bool? Bool(string key) => Find(key) is not { } value ? null : value.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw Wrong(key, "true or false", value),
    };

    public string? String(string key)
    {
        if (Find(key) is not { } value) return null;
        return value.ValueKind == JsonValueKind.String ? value.GetString() : throw Wrong(key, "a string", value);
    }

    public ConfigObject? Object(string key)
    {
        if (Find(key) is not { } value) return null;
        return value.ValueKind == JsonValueKind.Object
            ? new ConfigObject(Source, value, $"{prefix}{key}.")
            : throw Wrong(key, "an object", value);
    }

    /// <summary>A whole number, or a list of them.</summary>
    public int[]? IntOrList(string key) =>
        Find(key) is { ValueKind: JsonValueKind.Number } && Int(key) is { } number ? [number] : IntList(key);

    public int[]? IntList(string key) => List(key, "a list of whole numbers", item => (AsInt(item) is not null, AsInt(item) ?? 0));

    public string[]? StringList(string key) =>
        List(key, "a list of strings", item => item.ValueKind == JsonValueKind.String ? (true, item.GetString()!) : (false, ""));

    private static int? AsInt(JsonElement value) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) ? number : null;

    private T[]? List<T>(string key, string expected, Func<JsonElement, (bool Fits, T Value)> read)
    {
        if (Find(key) is not { } value) return null;
        if (value.ValueKind != JsonValueKind.Array) throw Wrong(key, expected, value);
        return [.. value.EnumerateArray().Select(item => read(item) is (true, var fitting) ? fitting : throw Wrong(key, expected, value))];
    }

    private JsonElement? Find(string key) =>
        element.TryGetProperty(key, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    private ModelLoadException Wrong(string key, string expected, JsonElement value) =>
        new($"{Source}: {prefix}{key} must be {expected}; got {Shorten(value.GetRawText())}.");

    private static string Shorten(string text) => text.Length <= 80 ? text : text[..80] + "...";
}
