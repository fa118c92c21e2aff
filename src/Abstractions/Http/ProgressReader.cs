using System.Buffers;
using System.Text.Json;

namespace Grid.Abstractions.Http;

/// <summary>Reads the JSON of one progress comment after the other into the same memory. Not thread-safe.</summary>
public sealed class ProgressReader : IDisposable
{
    private const int FirstTokens = 16;

    private int[] _tokens = ArrayPool<int>.Shared.Rent(FirstTokens);
    private int _count;
    private byte[] _extra = [];

    /// <summary>Value of <see cref="ProgressKeys.Attempt"/>.</summary>
    public int Attempt { get; private set; }

    /// <summary>Value of <see cref="ProgressKeys.Choice"/>.</summary>
    public int Choice { get; private set; }

    /// <summary>Value of <see cref="ProgressKeys.Index"/>.</summary>
    public int Index { get; private set; }

    /// <summary>Value of <see cref="ProgressKeys.Tokens"/>.</summary>
    public ReadOnlySpan<int> Tokens => _tokens.AsSpan(0, _count);

    /// <summary>Value of <see cref="ProgressKeys.Bytes"/>.</summary>
    public int Bytes { get; private set; }

    /// <summary>Value of <see cref="ProgressKeys.Finish"/>.</summary>
    public string? Finish { get; private set; }

    /// <summary>Value of <see cref="ProgressKeys.CachedTokens"/>.</summary>
    public int? CachedTokens { get; private set; }

    /// <summary>JSON of <see cref="ProgressKeys.Extra"/>; empty where it was absent.</summary>
    public ReadOnlySpan<byte> Extra => _extra;

    /// <summary>Value of <see cref="ProgressKeys.HandOver"/>.</summary>
    public string? HandOver { get; private set; }

    /// <summary>Reads one; false where it is malformed.</summary>
    public bool TryRead(ReadOnlySpan<byte> json)
    {
        (Attempt, Choice, Index, Bytes, _count) = (0, 0, 0, 0, 0);
        (Finish, CachedTokens, HandOver, _extra) = (null, null, null, []);
        try
        {
            var reader = new Utf8JsonReader(json);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return false;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName) ReadField(ref reader, json);
            return reader.TokenType == JsonTokenType.EndObject && Choice >= 0 && Index >= 0;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or FormatException)
        {
            return false;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        ArrayPool<int>.Shared.Return(_tokens);
        _tokens = [];
        _count = 0;
    }

    private static string? FinishOf(ref Utf8JsonReader reader)
    {
        // The usual ones are not allocated for each request.
        if (reader.ValueTextEquals("stop"u8)) return "stop";
        return reader.ValueTextEquals("length"u8) ? "length" : reader.GetString();
    }

    private void ReadField(ref Utf8JsonReader reader, ReadOnlySpan<byte> json)
    {
        var key = reader.ValueSpan.Length == 1 ? (char)reader.ValueSpan[0] : default;
        reader.Read();
        if (reader.TokenType == JsonTokenType.Null) return;
        if (key == ProgressKeys.Attempt[0]) Attempt = reader.GetInt32();
        else if (key == ProgressKeys.Choice[0]) Choice = reader.GetInt32();
        else if (key == ProgressKeys.Index[0]) Index = reader.GetInt32();
        else if (key == ProgressKeys.Tokens[0]) ReadTokens(ref reader);
        else if (key == ProgressKeys.Bytes[0]) Bytes = reader.GetInt32();
        else if (key == ProgressKeys.Finish[0]) Finish = FinishOf(ref reader);
        else if (key == ProgressKeys.CachedTokens[0]) CachedTokens = reader.GetInt32();
        else if (key == ProgressKeys.HandOver[0]) HandOver = reader.GetString();
        else if (key == ProgressKeys.Extra[0]) ReadExtra(ref reader, json);
        else reader.Skip();
    }

    private void ReadExtra(ref Utf8JsonReader reader, ReadOnlySpan<byte> json)
    {
        var start = (int)reader.TokenStartIndex;
        reader.Skip();
        _extra = json[start..(int)reader.BytesConsumed].ToArray();
    }

    private void ReadTokens(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartArray) throw new JsonException();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (_count == _tokens.Length)
            {
                var larger = ArrayPool<int>.Shared.Rent(2 * _count);
                _tokens.CopyTo(larger, 0);
                ArrayPool<int>.Shared.Return(_tokens);
                _tokens = larger;
            }

            _tokens[_count++] = reader.GetInt32();
        }
    }
}
