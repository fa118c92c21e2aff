using System.Text.Json;
using System.Text.Json.Serialization;

namespace Grid.Primitives.Ids;

/// <summary>Writes an id as its text, as a value and as the name of a property.</summary>
internal sealed class IdJsonConverter<TId> : JsonConverter<TId>
    where TId : struct, IGridId<TId>
{
    public override TId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => Parse(reader.GetString());

    public override void Write(Utf8JsonWriter writer, TId value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToString());

    public override TId ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        Parse(reader.GetString());

    public override void WriteAsPropertyName(Utf8JsonWriter writer, TId value, JsonSerializerOptions options) =>
        writer.WritePropertyName(value.ToString()!);

    private static TId Parse(string? text) =>
        TId.TryParse(text, out var id) ? id : throw new JsonException($"{typeof(TId).Name} must be {TId.Form}; got '{text}'.");
}
