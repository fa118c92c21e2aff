using System.Net;
using System.Security.Cryptography;
using System.Text;
using Grid.Abstractions.Http;
using Grid.Silo.Ranks;

namespace Grid.Silo.Access;

/// <summary>What all endpoints of a silo share.</summary>
internal sealed class SiloState(SiloOptions options, RankRegistry ranks, TimeProvider timeProvider)
{
    private readonly byte[]? _processKey = options.ProcessKey is { } key ? Encoding.UTF8.GetBytes(key) : null;

    public SiloOptions Options { get; } = options;

    public RankRegistry Ranks { get; } = ranks;

    public TimeProvider TimeProvider { get; } = timeProvider;

    /// <summary>The keys of clients.</summary>
    public ApiKeyRing Keys { get; } = new(options.ApiKeys, options.ApiKeyFile, timeProvider);

    /// <summary>Whether the caller is a process of the grid: its headers and <c>/internal</c> count, and it needs no key.</summary>
    public bool TrustsCaller(HttpContext context) =>
        context.Connection.ClientCertificate is not null || HasProcessKey(context) || (Keys.IsOpen && IsTrustedLoopback(context));

    private bool IsTrustedLoopback(HttpContext context) =>
        Options.TrustLoopback && context.Connection.RemoteIpAddress is { } address && IPAddress.IsLoopback(address);

    private bool HasProcessKey(HttpContext context) =>
        _processKey is not null && context.Request.Headers[GridHeaders.ProcessKey].ToString() is { Length: > 0 } given
        && CryptographicOperations.FixedTimeEquals(_processKey, Encoding.UTF8.GetBytes(given));
}
