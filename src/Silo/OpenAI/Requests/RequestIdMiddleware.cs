using Grid.Silo.Hosting;
using Grid.Silo.OpenAI.Errors;

namespace Grid.Silo.OpenAI.Requests;

/// <summary>Gives every request an id, the client's where it sends one, and answers with it, the node and the rank.</summary>
internal sealed class RequestIdMiddleware(RequestDelegate next, SiloState state)
{
    private const string Header = "X-Request-Id";
    private const int MaxLength = 256;

    private readonly string _node = Uri.EscapeDataString(state.Options.Name);
    private readonly string _rank = string.Join('/', state.Rank.Split('/').Select(Uri.EscapeDataString));

    /// <summary>The id of a request.</summary>
    public static string Of(HttpContext context) => (string)context.Items[Header]!;

    public Task InvokeAsync(HttpContext context)
    {
        var given = context.Request.Headers[Header].ToString();
        var isOwn = given.Length == 0;
        var id = isOwn ? Guid.NewGuid().ToString("N") : given;
        if (!isOwn && (id.Length > MaxLength || id.AsSpan().ContainsAnyExceptInRange('!', '~')))
            throw ApiException.BadField(Header, $"{Header} must be 1 to {MaxLength} printable ASCII characters without spaces, got {given.Length} characters.");
        context.Items[Header] = id;
        var headers = context.Response.Headers;
        headers[Header] = id;
        headers["X-Grid-Node"] = _node;
        headers["X-Grid-Rank"] = _rank;
        return next(context);
    }
}
