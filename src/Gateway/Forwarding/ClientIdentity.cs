using System.Net;

namespace Grid.Gateway.Forwarding;

/// <summary>Who sends a request, as far as fairness and the prefix cache go: the bearer of an API key, else the peer's address.</summary>
/// <param name="Name">Text that stands for the client, and tells neither key nor address to others.</param>
/// <param name="CacheSalt">Only requests of the same value share cached prefixes; null where all clients share them.</param>
internal readonly record struct ClientIdentity(string Name, string? CacheSalt)
{
    /// <summary>The client of a request.</summary>
    /// <param name="context">The request, after its key was checked.</param>
    /// <param name="keys">The keys; with a single one all clients are one tenant.</param>
    /// <param name="sharesPrefixes">Whether clients of different keys share cached prefixes.</param>
    public static ClientIdentity Of(HttpContext context, ApiKeyRing keys, bool sharesPrefixes) =>
        context.Features.Get<ApiKey>() is { } key
            ? new ClientIdentity(key.Identity, keys.Count > 1 && !sharesPrefixes ? key.Identity : null)
            : new ClientIdentity((context.Connection.RemoteIpAddress ?? IPAddress.None).ToString(), null);
}
