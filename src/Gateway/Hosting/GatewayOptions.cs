using System.Net;

namespace Grid.Gateway.Hosting;

/// <summary>Settings of a gateway's HTTP endpoint.</summary>
public sealed record GatewayOptions
{
    /// <summary>Name of the node, under which the gateway reports to the grid.</summary>
    public required string Name { get; init; }

    /// <summary>Where to listen (<c>--bind</c>, <c>--host</c>).</summary>
    public IPAddress Address { get; init; } = IPAddress.Loopback;

    /// <summary>TCP port; 0 takes a free one (<c>--port</c>).</summary>
    public int Port { get; init; } = 8000;

    /// <summary>The accepted API keys; if there are none, requests need no key (<c>--api-key</c>).</summary>
    public IReadOnlyList<string> ApiKeys { get; init; } = [];

    /// <summary>A file of further keys, which is read again when it changes (<c>--api-key-file</c>); null for none.</summary>
    public string? ApiKeyFile { get; init; }

    /// <summary>
    /// Whether clients of different API keys share cached prefixes (<c>--share-prefix-cache</c>); one could then find out by
    /// <c>cached_tokens</c> whether another one sent a prompt.
    /// </summary>
    public bool SharePrefixCache { get; init; }

    /// <summary>
    /// Origins whose web pages may read answers (<c>--allowed-origins</c>); <c>*</c> for all. Never with credentials.
    /// </summary>
    public IReadOnlyList<string> AllowedOrigins { get; init; } = ["*"];

    /// <summary>Hosts that requests may name on loopback beside this machine (<c>--allowed-host</c>); <c>*</c> for all.</summary>
    public IReadOnlyList<string> AllowedHosts { get; init; } = [];

    /// <summary>The certificate that clients are shown, with its chain, in PEM (<c>--ssl-certfile</c>); null for plain HTTP.</summary>
    public string? CertificateFile { get; init; }

    /// <summary>The private key of <see cref="CertificateFile"/>, in PEM (<c>--ssl-keyfile</c>).</summary>
    public string? KeyFile { get; init; }

    /// <summary>The most connections at a time; further ones are closed (<c>--max-connections</c>).</summary>
    public int MaxConnections { get; init; } = 4096;

    /// <summary>
    /// How long a client may read nothing while its answer waits for it; then it is disconnected (<c>--slow-client-timeout</c>).
    /// </summary>
    public TimeSpan SlowClientTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The base URL that the grid shows for the gateway; null for its address and port.</summary>
    public string? AdvertisedUrl { get; init; }

    /// <summary>
    /// Further checks of <c>/readyz</c>, such as those of a silo in the same process; one that is not required is shown by <c>?verbose</c>
    /// and changes no status.
    /// </summary>
    public IReadOnlyList<Func<HealthCheck>> Checks { get; init; } = [];

    /// <summary>Names of meters beside the gateway's own that <c>/metrics</c> shows: those of engines in the same process.</summary>
    public IReadOnlyList<string> Meters { get; init; } = ["Grid.Engine"];
}
