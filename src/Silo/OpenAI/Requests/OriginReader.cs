using System.Globalization;
using Grid.Abstractions.Http;
using Grid.Silo.Access;
using Grid.Silo.OpenAI.Resuming;

namespace Grid.Silo.OpenAI.Requests;

/// <summary>Reads the headers of a gateway; those of other callers are ignored.</summary>
internal static class OriginReader
{
    public static RequestOrigin Read(HttpContext context, SiloState state)
    {
        var origin = new RequestOrigin(RequestIdMiddleware.Of(context));
        if (!state.TrustsCaller(context)) return origin;
        var attempt = Number(context, GridHeaders.Attempt);
        if (attempt is < 0 or > int.MaxValue)
            throw ApiException.BadField(GridHeaders.Attempt, $"{GridHeaders.Attempt} must be 0 to {int.MaxValue}; got {attempt}.");
        return origin with
        {
            Attempt = (int?)attempt,
            Seed = Number(context, GridHeaders.Seed),
            Created = Number(context, GridHeaders.Created),
            Epoch = Number(context, GridHeaders.Epoch),
            CacheSalt = CacheSalt(context),
        };
    }

    /// <summary>What a gateway says of the client's prefixes.</summary>
    public static string? CacheSalt(HttpContext context) => Text(context, GridHeaders.CacheSalt);

    private static string? Text(HttpContext context, string header) =>
        context.Request.Headers[header].ToString() is { Length: > 0 } text ? text : null;

    private static long? Number(HttpContext context, string header)
    {
        var text = context.Request.Headers[header].ToString();
        if (text.Length == 0) return null;
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)) return number;
        throw ApiException.BadField(header, $"{header} must be an integer of 64 bits; got {text.Length} characters that are none.");
    }
}
