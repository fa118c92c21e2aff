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
        if (bytes.Length == 0) throw Broken("The body must be a JSON object and is empty.");
        if (!Utf8.IsValid(bytes.Span)) throw Broken("The body must be UTF-8 and is not.");
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(bytes, new JsonDocumentOptions { MaxDepth = maxDepth });
        }
        catch (JsonException e)
        {
            throw Broken($"The body must be JSON at most {maxDepth} levels deep: {Reason(e)}");
        }

        if (document.RootElement.ValueKind == JsonValueKind.Object)
        {
            CheckNames(bytes.Span);
            return document;
        }

        var kind = JsonFields.Describe(document.RootElement);
        document.Dispose();
        throw Broken($"The body must be a JSON object and is {kind}.");
    }

    // Half of a surrogate pair, which only an escape can hold, would fail at the first look-up of any name.
    private static void CheckNames(ReadOnlySpan<byte> json)
    {
        if (json.IndexOf("\\u"u8) < 0) return;
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = BodyReader.MaxDepth });
        while (reader.Read())
        {
            if (reader.TokenType != JsonTokenType.PropertyName || !reader.ValueIsEscaped) continue;
            try
            {
                _ = reader.GetString();
            }
            catch (InvalidOperationException)
            {
                throw Broken(
                    $"The body's names must be valid Unicode, and the one at byte {reader.TokenStartIndex} holds half of a surrogate "
                    + "pair.");
            }
        }
    }

    private static string Reason(JsonException e) =>
        e.Message.Split(" LineNumber:")[0].TrimEnd('.') + $" (line {e.LineNumber + 1}, byte {e.BytePositionInLine}).";

    private static ApiException Broken(string message) => new(StatusCodes.Status400BadRequest, message, code: "invalid_json");
}
