using System.Buffers;
using Microsoft.Extensions.DependencyInjection;

namespace Grid.Hosting.Http;

/// <summary>
/// Reads a JSON request's body within the limit of size. Memory is taken as bytes come, never by what a header announces.
/// </summary>
public static class BodyReader
{
    /// <summary>The largest body, in bytes.</summary>
    public const int MaxBytes = 8 << 20;

    /// <summary>The deepest JSON.</summary>
    public const int MaxDepth = 64;

    // A client that is still sending does not read: what it sends beyond the limit is taken in and dropped, up to here.
    private const long MaxDroppedBytes = 64L << 20;
    private const int FirstBuffer = 16 << 10;

    /// <summary>The whole body.</summary>
    /// <param name="request">The request.</param>
    /// <param name="maxBytes">The largest body that is accepted, in bytes.</param>
    /// <exception cref="ApiException">415: not JSON by its content type, or encoded; 413: too large; 429 or 503: the client or the server
    /// has too many unfinished bodies.</exception>
    public static async Task<ReadOnlyMemory<byte>> ReadAsync(HttpRequest request, int maxBytes = MaxBytes)
    {
        CheckForm(request);
        var context = request.HttpContext;
        using var share = context.RequestServices.GetService<BodyBudget>()?.Open(context.Connection.RemoteIpAddress);
        var buffer = ArrayPool<byte>.Shared.Rent(FirstBuffer);
        try
        {
            var (length, total) = (0, 0L);
            share?.Grow(buffer.Length);
            while (true)
            {
                if (length == buffer.Length && length <= maxBytes) buffer = Grow(buffer, share);
                var free = length < buffer.Length ? buffer.AsMemory(length) : buffer.AsMemory();
                var count = await request.Body.ReadAsync(free, context.RequestAborted);
                if (count == 0) break;
                total += count;
                if (total <= maxBytes) length += count;
                else if (total > MaxDroppedBytes) break;
            }

            if (total <= maxBytes) return buffer.AsSpan(0, length).ToArray();
            throw new ApiException(StatusCodes.Status413PayloadTooLarge,
                $"The body may have at most {maxBytes} bytes and has {(total > MaxDroppedBytes ? "more than " : "")}{total}.");
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static void CheckForm(HttpRequest request)
    {
        if (!request.HasJsonContentType())
            throw new ApiException(StatusCodes.Status415UnsupportedMediaType,
                $"Content-Type must be application/json; got '{request.ContentType}'.");
        var encoding = request.Headers.ContentEncoding.ToString();
        if (encoding.Length == 0 || encoding.Equals("identity", StringComparison.OrdinalIgnoreCase)) return;
        request.HttpContext.Response.Headers.AcceptEncoding = "identity";
        throw new ApiException(StatusCodes.Status415UnsupportedMediaType,
            $"Content-Encoding must be identity: bodies are sent uncompressed; got '{encoding}'.");
    }

    private static byte[] Grow(byte[] full, BodyBudget.Share? share)
    {
        share?.Grow(full.Length);
        var larger = ArrayPool<byte>.Shared.Rent(2 * full.Length);
        full.CopyTo(larger, 0);
        ArrayPool<byte>.Shared.Return(full);
        return larger;
    }
}
