using System.Text.Json;
using System.Text.Json.Serialization;

namespace Grid.Client.Requests;

/// <summary>A completion's prompt: text, or token ids.</summary>
[JsonConverter(typeof(Converter))]
public sealed record Prompt
{
    private Prompt(string? text, IReadOnlyList<int>? tokenIds) => (Text, TokenIds) = (text, tokenIds);

    /// <summary>The text, or null for ids.</summary>
    public string? Text { get; }

    /// <summary>The ids, or null for text.</summary>
    public IReadOnlyList<int>? TokenIds { get; }

    /// <summary>A prompt of text.</summary>
    public static Prompt FromText(string text) => new(text, null);

    /// <summary>A prompt of token ids.</summary>
    public static Prompt FromTokenIds(IReadOnlyList<int> tokenIds) => new(null, tokenIds);

    private sealed class Converter : JsonConverter<Prompt>
    {
        public override Prompt Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.String
            ? FromText(reader.GetString()!)
            : FromTokenIds(JsonSerializer.Deserialize<int[]>(ref reader, options)!);

        public override void Write(Utf8JsonWriter writer, Prompt value, JsonSerializerOptions options)
        {
            if (value.Text is not null) writer.WriteStringValue(value.Text);
            else JsonSerializer.Serialize(writer, value.TokenIds, options);
        }
    }
}
