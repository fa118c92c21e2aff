namespace Grid.Hosting.Http;

/// <summary>Lets only bearers of a key at the routes that reach a model, and notes whose request it is.</summary>
/// <param name="next">What comes after.</param>
/// <param name="keys">The keys; none: anyone may ask.</param>
public sealed class ApiKeyMiddleware(RequestDelegate next, ApiKeyRing keys)
{
    /// <summary>Calls the next middleware, or refuses.</summary>
    /// <exception cref="ApiException">401: no key, or not one of these.</exception>
    public Task InvokeAsync(HttpContext context)
    {
        if (keys.IsOpen || !IsGuarded(context.Request.Path)) return next(context);
        if (keys.Find(context.Request.Headers.Authorization.ToString()) is { } key)
        {
            context.Features.Set(key);
            return next(context);
        }

        throw new ApiException(StatusCodes.Status401Unauthorized, "A valid API key is required: send 'Authorization: Bearer KEY'.",
            code: "invalid_api_key");
    }

    private static bool IsGuarded(PathString path) =>
        path.StartsWithSegments("/v1") || path.StartsWithSegments("/internal") || path.StartsWithSegments("/tokenize")
        || path.StartsWithSegments("/detokenize");
}
