using Grid.Abstractions.Http;

namespace Grid.Silo.Access;

/// <summary>Gives every request an id, the client's where it sends one, and answers with it and the node.</summary>
internal sealed class RequestIdMiddleware(RequestDelegate next, SiloState state)
{
    private readonly string _node = Uri.EscapeDataString(state.Options.Name);

    /// <summary>The id of a request.</summary>
    public static string Of(HttpContext context) => RequestIds.Of(context);

    public Task InvokeAsync(HttpContext context)
    {
        RequestIds.Assign(context);
        var headers = context.Response.Headers;
        headers[GridHeaders.Node] = _node;
        return next(context);
    }
}
