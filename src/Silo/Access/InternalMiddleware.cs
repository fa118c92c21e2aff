
namespace Grid.Silo.Access;

/// <summary>Hides <c>/internal</c> from callers that are no process of the grid.</summary>
internal sealed class InternalMiddleware(RequestDelegate next, SiloState state)
{
    public Task InvokeAsync(HttpContext context)
    {
        if (context.Request.Path.StartsWithSegments("/internal") && !state.TrustsCaller(context))
            throw ApiException.NoRoute(context.Request.Path);
        return next(context);
    }
}
