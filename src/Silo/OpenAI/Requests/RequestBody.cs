using System.Buffers;
using System.Text.Json;
using System.Text.Unicode;
using Grid.Silo.OpenAI.Errors;

namespace Grid.Silo.OpenAI.Requests;

/// <summary>Reads a request's body as one JSON object within the limits of size and depth.</summary>
internal static class RequestBody
{
    public const int MaxBytes = 8 << 20;
    public const int MaxDepth = 64;

    // A client that is still sending does not read: what it sends beyond the limit is taken in and dropped, up to here.
    private const long MaxDroppedBytes = 64L << 20;
    private const int FirstBuffer = 4096;

    /// <summary>The body; the caller disposes it.</summary>
    public static async Task<JsonDocument> ReadAsync(HttpRequest request)
    {
        if (!request.HasJsonContentType())
            throw new ApiException(StatusCodes.Status415UnsupportedMediaType, $"Content-Type must be application/json and is '{request.ContentType}'.");
        var bytes = await ReadBytesAsync(request.Body, request.HttpContext.RequestAborted);
        if (bytes.Length == 0) throw Broken("The body must be a JSON object and is empty.");
        if (!Utf8.IsValid(bytes.Span)) throw Broken("The body must be UTF-8 and is not.");
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(bytes, new JsonDocumentOptions { MaxDepth = MaxDepth });
        }
        catch (JsonException e)
        {
            throw Broken($"The body must be JSON at most {MaxDepth} levels deep: {Reason(e)}");
        }

        if (document.RootElement.ValueKind == JsonValueKind.Object) return document;
        var kind = JsonFields.Describe(document.RootElement);
        document.Dispose();
        throw Broken($"The body must be a JSON object and is {kind}.");
    }

    private static async Task<ReadOnlyMemory<byte>> ReadBytesAsync(Stream body, CancellationToken cancellationToken)
    {
        var buffer = new ArrayBufferWriter<byte>(FirstBuffer);
        long total = 0;
        while (true)
        {
            var memory = buffer.GetMemory(FirstBuffer);
            var count = await body.ReadAsync(memory, cancellationToken);
            if (count == 0) break;
            total += count;
            if (total <= MaxBytes) buffer.Advance(count);
            else if (total > MaxDroppedBytes) break;
        }

        if (total <= MaxBytes) return buffer.WrittenMemory;
        throw new ApiException(StatusCodes.Status413PayloadTooLarge, $"The body may have at most {MaxBytes} bytes and has {(total > MaxDroppedBytes ? "more than " : "")}{total}.");
    }

    private static string Reason(JsonException e) =>
        e.Message.Split(" LineNumber:")[0].TrimEnd('.') + $" (line {e.LineNumber + 1}, byte {e.BytePositionInLine}).";

    private static ApiException Broken(string message) => new(StatusCodes.Status400BadRequest, message, code: "invalid_json");
}
