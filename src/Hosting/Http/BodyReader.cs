using System.Buffers;

namespace Grid.Hosting.Http;

/// <summary>Reads a JSON request's body within the limit of size.</summary>
public static class BodyReader
{
    /// <summary>The largest body, in bytes.</summary>
    public const int MaxBytes = 8 << 20;

    /// <summary>The deepest JSON.</summary>
    public const int MaxDepth = 64;

    // A client that is still sending does not read: what it sends beyond the limit is taken in and dropped, up to here.
    private const long MaxDroppedBytes = 64L << 20;
    private const int FirstBuffer = 4096;

    /// <summary>The whole body.</summary>
    /// <param name="maxBytes">The largest, in bytes.</param>
    /// <exception cref="ApiException">415: not JSON by its content type; 413: too large.</exception>
    public static async Task<ReadOnlyMemory<byte>> ReadAsync(HttpRequest request, int maxBytes = MaxBytes)
    {
        if (!request.HasJsonContentType())
            throw new ApiException(StatusCodes.Status415UnsupportedMediaType,
                $"Content-Type must be application/json; got '{request.ContentType}'.");
        var buffer = new ArrayBufferWriter<byte>(Math.Max(FirstBuffer, (int)Math.Min(request.ContentLength + 1 ?? 0, maxBytes)));
        long total = 0;
        while (true)
        {
            var memory = buffer.GetMemory(1);
            var count = await request.Body.ReadAsync(memory, request.HttpContext.RequestAborted);
            if (count == 0) break;
            total += count;
            if (total <= maxBytes) buffer.Advance(count);
            else if (total > MaxDroppedBytes) break;
        }

        if (total <= maxBytes) return buffer.WrittenMemory;
        throw new ApiException(StatusCodes.Status413PayloadTooLarge,
            $"The body may have at most {maxBytes} bytes and has {(total > MaxDroppedBytes ? "more than " : "")}{total}.");
    }
}
