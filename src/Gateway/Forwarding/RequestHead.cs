using System.Text.Json;
using System.Text.Unicode;
using Grid.Gateway.Ranks;

namespace Grid.Gateway.Forwarding;

/// <summary>What a gateway needs of a request's body, read in one pass.</summary>
internal sealed class RequestHead : IDisposable
{
    private const int GuessedMaxTokens = 256;

    private long _idBytes;

    private RequestHead()
    {
    }

    public string? Model { get; private set; }

    public bool IsStream { get; private set; }

    /// <summary>The number of choices, prompts x n, as far as the body is valid.</summary>
    public int NumChoices => (int)Math.Clamp((long)NumPrompts * N, 1, int.MaxValue);

    /// <summary>The most tokens of a choice; a guess where the body says nothing.</summary>
    public int MaxTokens { get; private set; } = GuessedMaxTokens;

    public PromptBlocks Prompt { get; } = new();

    /// <summary>About how many tokens the prompt has.</summary>
    public long PromptTokens => NumIds + ((Prompt.Bytes - _idBytes) / PromptBlocks.BytesPerToken);

    private int N { get; set; } = 1;

    private int NumPrompts { get; set; } = 1;

    private long NumIds { get; set; }

    private string? Salt { get; set; }

    /// <exception cref="ApiException">The body is not JSON, not an object, or has no model (400).</exception>
    public static RequestHead Read(ReadOnlySpan<byte> body, string? clientSalt = null)
    {
        if (body.IsEmpty) throw BodyFaults.Empty();
        if (!Utf8.IsValid(body)) throw BodyFaults.NotUtf8();
        var head = new RequestHead();
        try
        {
            head.ReadObject(body);
        }
        catch (Exception e) when (e is JsonException or ApiException)
        {
            head.Dispose();
            throw e is JsonException fault ? BodyFaults.NotJson(fault) : e;
        }

        if (head.Model is not null) head.Prompt.Seal(head.Model, clientSalt + head.Salt);
        return head;
    }

    public void Dispose() => Prompt.Dispose();

    private void ReadObject(ReadOnlySpan<byte> body)
    {
        var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = BodyReader.MaxDepth });
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject) throw BodyFaults.NotAnObject(KindOf(reader.TokenType));
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (IsName(ref reader, "model"u8)) Model = ReadString(ref reader, "model");
            else if (reader.ValueTextEquals("cache_salt"u8)) Salt = ReadString(ref reader, "cache_salt");
            else if (reader.ValueTextEquals("stream"u8)) IsStream = reader.Read() && reader.TokenType == JsonTokenType.True;
            else if (reader.ValueTextEquals("n"u8)) N = ReadNumber(ref reader);
            else if (reader.ValueTextEquals("max_tokens"u8) || reader.ValueTextEquals("max_completion_tokens"u8))
                MaxTokens = Math.Max(1, ReadNumber(ref reader, GuessedMaxTokens));
            else if (reader.ValueTextEquals("prompt"u8)) NumPrompts = ReadPrompt(ref reader);
            else if (reader.ValueTextEquals("messages"u8)) ReadPrompt(ref reader);
            else reader.Read();
            // Whatever is left of the value, one of a wrong type included.
            reader.Skip();
        }

        // Anything behind the object is an error that this finds.
        reader.Read();
    }

    private static string KindOf(JsonTokenType type) => type switch
    {
        JsonTokenType.StartArray => "a list",
        JsonTokenType.String => "a string",
        JsonTokenType.Number => "a number",
        JsonTokenType.Null => "null",
        _ => "a boolean",
    };

    // Half of a surrogate pair, which only an escape can hold, is no text.
    private static bool IsName(ref Utf8JsonReader reader, ReadOnlySpan<byte> name)
    {
        try
        {
            if (reader.ValueIsEscaped) _ = reader.GetString();
        }
        catch (InvalidOperationException)
        {
            throw BodyFaults.NotUnicode(reader.TokenStartIndex);
        }

        return reader.ValueTextEquals(name);
    }

    private static string? ReadString(ref Utf8JsonReader reader, string field)
    {
        if (!reader.Read() || reader.TokenType != JsonTokenType.String) return null;
        try
        {
            return reader.GetString();
        }
        catch (InvalidOperationException)
        {
            throw ApiException.BadField(field, $"{field} must be valid Unicode; got half of a surrogate pair.");
        }
    }

    private static int ReadNumber(ref Utf8JsonReader reader, int fallback = 1) =>
        reader.Read() && reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out var number) ? number : fallback;

    /// <summary>Adds all texts and numbers of the value.</summary>
    /// <returns>The number of prompts: the texts and lists of a list, or one.</returns>
    private int ReadPrompt(ref Utf8JsonReader reader)
    {
        reader.Read();
        var (depth, members) = (reader.CurrentDepth, 0);
        Take(ref reader);
        if (reader.TokenType is not (JsonTokenType.StartArray or JsonTokenType.StartObject)) return 1;
        while (reader.Read() && reader.CurrentDepth > depth)
        {
            if (reader.CurrentDepth == depth + 1 && reader.TokenType is JsonTokenType.String or JsonTokenType.StartArray) members++;
            Take(ref reader);
        }

        return Math.Max(1, members);
    }

    private void Take(ref Utf8JsonReader reader)
    {
        if (reader.TokenType is not (JsonTokenType.String or JsonTokenType.Number or JsonTokenType.PropertyName)) return;
        Prompt.Add(reader.ValueSpan);
        Prompt.Add(","u8);
        if (reader.TokenType != JsonTokenType.Number) return;
        // Ids count as tokens, not by their digits.
        NumIds++;
        _idBytes += reader.ValueSpan.Length + 1;
    }
}
