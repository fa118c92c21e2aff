using Grid.Abstractions.Http;

namespace Grid.Hosting.Http;

/// <summary>The id of a request: the client's where it sends one.</summary>
public static class RequestIds
{
    private const int MaxLength = 256;

    /// <summary>Reads or draws the id of a request, keeps it, and answers with it.</summary>
    /// <exception cref="ApiException">400: the client's is too long or not printable.</exception>
    public static string Assign(HttpContext context)
    {
        var given = context.Request.Headers[GridHeaders.RequestId].ToString();
        var isOwn = given.Length == 0;
        var id = isOwn ? Guid.NewGuid().ToString("N") : given;
        if (!isOwn && (id.Length > MaxLength || id.AsSpan().ContainsAnyExceptInRange('!', '~')))
            throw ApiException.BadField(GridHeaders.RequestId,
                $"{GridHeaders.RequestId} must be 1 to {MaxLength} printable ASCII characters without spaces; got {given.Length} "
                + "characters.");
        context.Items[GridHeaders.RequestId] = id;
        context.Response.Headers[GridHeaders.RequestId] = id;
        return id;
    }

    /// <summary>The id that was assigned.</summary>
    public static string Of(HttpContext context) => (string)context.Items[GridHeaders.RequestId]!;
}
