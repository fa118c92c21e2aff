using System.Buffers;
using System.Text.Json;
using Grid.Abstractions.Http;

namespace Grid.Gateway.Forwarding;

/// <summary>Reads <see cref="ProgressComment"/>s, one after the other, into the same memory.</summary>
internal sealed class ProgressReader : IDisposable
{
    private const int FirstTokens = 16;

    private int[] _tokens = ArrayPool<int>.Shared.Rent(FirstTokens);
    private int _count;
    private byte[] _extra = [];

    public int Attempt { get; private set; }

    public int Choice { get; private set; }

    public int Index { get; private set; }

    public ReadOnlySpan<int> Tokens => _tokens.AsSpan(0, _count);

    public int Bytes { get; private set; }

    public string? Finish { get; private set; }

    public int? CachedTokens { get; private set; }

    /// <summary>JSON of "x"; empty where it was absent.</summary>
    public ReadOnlySpan<byte> Extra => _extra;

    public string? HandOver { get; private set; }

    /// <summary>Reads one; false where it is none.</summary>
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

    public void Dispose()
    {
        ArrayPool<int>.Shared.Return(_tokens);
        _tokens = [];
        _count = 0;
    }

    private static string? FinishOf(ref Utf8JsonReader reader)
    {
        // The usual ones are not made anew for each request.
        if (reader.ValueTextEquals("stop"u8)) return "stop";
        return reader.ValueTextEquals("length"u8) ? "length" : reader.GetString();
    }

    private void ReadField(ref Utf8JsonReader reader, ReadOnlySpan<byte> json)
    {
        var name = reader.ValueSpan.Length == 1 ? reader.ValueSpan[0] : (byte)0;
        reader.Read();
        if (reader.TokenType == JsonTokenType.Null) return;
        switch (name)
        {
            case (byte)'a': Attempt = reader.GetInt32(); break;
            case (byte)'c': Choice = reader.GetInt32(); break;
            case (byte)'i': Index = reader.GetInt32(); break;
            case (byte)'n': Bytes = reader.GetInt32(); break;
            case (byte)'k': CachedTokens = reader.GetInt32(); break;
            case (byte)'f': Finish = FinishOf(ref reader); break;
            case (byte)'h': HandOver = reader.GetString(); break;
            case (byte)'t': ReadTokens(ref reader); break;
            case (byte)'x':
                var start = (int)reader.TokenStartIndex;
                reader.Skip();
                _extra = json[start..(int)reader.BytesConsumed].ToArray();
                break;
            default: reader.Skip(); break;
        }
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
