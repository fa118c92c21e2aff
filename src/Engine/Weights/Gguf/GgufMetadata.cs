using System.Globalization;
using Grid.Engine.Configuration;

namespace Grid.Engine.Weights.Gguf;

/// <summary>The key-value part of a file, read by key; errors name the file and the key.</summary>
internal sealed class GgufMetadata(string source, IReadOnlyDictionary<string, object> values)
{
    /// <summary>The file, for messages.</summary>
    public string Source { get; } = source;

    public IReadOnlyDictionary<string, object> Values { get; } = values;

    public string? String(string key) => Find(key) switch
    {
        null => null,
        string text => text,
        var other => throw Wrong(key, "a string", other),
    };

    public bool? Bool(string key) => Find(key) switch
    {
        null => null,
        bool flag => flag,
        var other => throw Wrong(key, "a bool", other),
    };

    public double? Double(string key) => Find(key) switch
    {
        null => null,
        float single when float.IsFinite(single) => single,
        double number when double.IsFinite(number) => number,
        var other => ToLong(other) ?? throw Wrong(key, "a number", other),
    };

    /// <summary>A whole number; an array counts where all its values are the same (some converters write one value a layer).</summary>
    public int? Int(string key)
    {
        var value = Find(key);
        if (value is System.Array { Length: > 0 } array)
        {
            var distinct = array.Cast<object>().Distinct().ToArray();
            value = distinct.Length == 1
                ? distinct[0]
                : throw new ModelLoadException($"{Source}: metadata {key} differs between layers, which is not supported.");
        }
        if (value is null) return null;
        return ToLong(value) is >= int.MinValue and <= int.MaxValue and var number
            ? (int)number
            : throw Wrong(key, "a 32-bit whole number", value);
    }

    public int PositiveInt(string key, int? fallback = null, int most = int.MaxValue)
    {
        var value = Int(key) ?? fallback ?? throw new ModelLoadException($"{Source}: metadata {key} is missing.");
        if (value < 1) throw new ModelLoadException($"{Source}: metadata {key} must be at least 1; got {value}.");
        return value <= most ? value : throw new ModelLoadException($"{Source}: metadata {key} must be at most {most}; got {value}.");
    }

    /// <summary>A token id. The largest 32-bit number means none.</summary>
    public int? TokenId(string key) => Find(key) is uint.MaxValue or -1 ? null : Int(key);

    public T[]? Array<T>(string key) => Find(key) switch
    {
        null => null,
        T[] array => array,
        var other => throw Wrong(key, $"an array of {typeof(T).Name}", other),
    };

    private object? Find(string key) => Values.GetValueOrDefault(key);

    private static long? ToLong(object value) => value switch
    {
        ulong number => number <= long.MaxValue ? (long)number : null,
        byte or sbyte or ushort or short or uint or int or long => Convert.ToInt64(value, CultureInfo.InvariantCulture),
        _ => null,
    };

    private ModelLoadException Wrong(string key, string expected, object value) =>
        new($"{Source}: metadata {key} must be {expected}; got {(value is System.Array array ? $"an array of {array.Length}" : value)}.");
}
