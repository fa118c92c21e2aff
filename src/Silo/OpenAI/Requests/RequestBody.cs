using System.Text.Json;
using System.Text.Unicode;

namespace Grid.Silo.OpenAI.Requests;

/// <summary>Reads a request's body as one JSON object within the limits of size and depth.</summary>
internal static class RequestBody
{
    /// <summary>The body; the caller disposes it.</summary>
    public static async Task<JsonDocument> ReadAsync(HttpRequest request, int maxBytes = BodyReader.MaxBytes,
        int maxDepth = BodyReader.MaxDepth)
    {
        var bytes = await BodyReader.ReadAsync(request, maxBytes);
        if (bytes.Length == 0) throw BodyFaults.Empty();
        if (!Utf8.IsValid(bytes.Span)) throw BodyFaults.NotUtf8();
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(bytes, new JsonDocumentOptions { MaxDepth = maxDepth });
        }
        catch (JsonException e)
        {
            throw BodyFaults.NotJson(e, maxDepth);
        }

        if (document.RootElement.ValueKind == JsonValueKind.Object)
        {
            CheckNames(bytes.Span, maxDepth);
            return document;
        }

        var kind = JsonFields.Describe(document.RootElement);
        document.Dispose();
        throw BodyFaults.NotAnObject(kind);
    }

    // Half of a surrogate pair, which only an escape can hold, would fail at the first look-up of any name.
    private static void CheckNames(ReadOnlySpan<byte> json, int maxDepth)
    {
        if (json.IndexOf("\\u"u8) < 0) return;
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = maxDepth });
        while (reader.Read())
        {
            if (reader.TokenType != JsonTokenType.PropertyName || !reader.ValueIsEscaped) continue;
            try
            {
                _ = reader.GetString();
            }
            catch (InvalidOperationException)
            {
                throw BodyFaults.NotUnicode(reader.TokenStartIndex);
            }
        }
    }
}
