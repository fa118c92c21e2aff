using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Grid.Abstractions.Http;

/// <summary>
/// How the admin API writes JSON: camelCase, nulls present, times RFC 3339 in UTC, states by name, every document with its apiVersion and
/// kind.
/// </summary>
public static class AdminJson
{
    /// <summary>Of every document.</summary>
    public const string ApiVersion = "grid/v1";

    /// <summary>For server and client alike.</summary>
    public static JsonSerializerOptions Form { get; } = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(), new UtcConverter() },
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        NumberHandling = JsonNumberHandling.Strict,
    };

    /// <summary>A document of one thing. An operation keeps its own kind: Drain, Rollout, Scale or Delete.</summary>
    public static JsonObject Document<T>(string kind, T value)
        where T : class
    {
        var document = Head(kind);
        foreach (var (key, field) in JsonSerializer.SerializeToNode(value, value.GetType(), Form)!.AsObject()
            .ToArray()) document[key] = field?.DeepClone();
        return document;
    }

    /// <summary>A document of many: <c>kind</c> + List, items.</summary>
    public static JsonObject List<T>(string kind, IEnumerable<T> items)
    {
        var document = Head(kind + "List");
        document["items"] = new JsonArray([.. items.Select(item => JsonSerializer.SerializeToNode(item, Form))]);
        return document;
    }

    private static JsonObject Head(string kind) => new() { ["apiVersion"] = ApiVersion, ["kind"] = kind };

    private sealed class UtcConverter : JsonConverter<DateTimeOffset>
    {
        private const string Pattern = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

        public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.GetDateTimeOffset();

        public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value.UtcDateTime.ToString(Pattern, CultureInfo.InvariantCulture));
    }
}
