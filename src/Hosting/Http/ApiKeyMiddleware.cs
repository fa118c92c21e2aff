using System.Security.Cryptography;
using System.Text;

namespace Grid.Hosting.Http;

/// <summary>Lets only bearers of a key at the routes that reach a model. Keys are compared in constant time, by their hashes.</summary>
/// <param name="next">The next step of the pipeline.</param>
/// <param name="keys">The keys; none: anyone may ask.</param>
public sealed class ApiKeyMiddleware(RequestDelegate next, IReadOnlyList<string> keys)
{
    private const string Scheme = "Bearer ";

    private readonly byte[][] _hashes = [.. keys.Select(Hash)];

    /// <summary>Calls the next middleware, or refuses.</summary>
    /// <exception cref="ApiException">401: no key, or not one of these.</exception>
    public Task InvokeAsync(HttpContext context)
    {
        if (_hashes.Length == 0 || !IsGuarded(context.Request.Path) || IsKnown(context.Request.Headers.Authorization.ToString()))
            return next(context);
        throw new ApiException(StatusCodes.Status401Unauthorized, "A valid API key is required: send 'Authorization: Bearer KEY'.",
            code: "invalid_api_key");
    }

    private static bool IsGuarded(PathString path) =>
        path.StartsWithSegments("/v1") || path.StartsWithSegments("/internal") || path.StartsWithSegments("/tokenize")
        || path.StartsWithSegments("/detokenize");

    private static byte[] Hash(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));

    private bool IsKnown(string authorization)
    {
        if (!authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)) return false;
        var given = Hash(authorization[Scheme.Length..].Trim());
        var known = false;
        foreach (var hash in _hashes) known |= CryptographicOperations.FixedTimeEquals(hash, given);
        return known;
    }
}
