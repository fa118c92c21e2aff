using System.Net;
using Grid.Abstractions.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Grid.Silo.Access;

/// <summary>What a silo's HTTP endpoint needs to know.</summary>
public sealed record SiloOptions
{
    /// <summary>The node's name, which answers carry as <c>X-Grid-Node</c>.</summary>
    public required string Name { get; init; }

    /// <summary>
    /// The names of a server of one model, the main one first (<c>--served-model-name</c>): until it is there they answer 503. Empty: ranks
    /// come and go.
    /// </summary>
    public IReadOnlyList<string> ModelNames { get; init; } = [];

    /// <summary>Where to listen (<c>--bind</c>, <c>--host</c>).</summary>
    public IPAddress Address { get; init; } = IPAddress.Loopback;

    /// <summary>TCP port; 0 takes a free one (<c>--port</c>).</summary>
    public int Port { get; init; } = 8000;

    /// <summary>The keys of which a request must carry one; if there are none, anyone may ask (<c>--api-key</c>).</summary>
    public IReadOnlyList<string> ApiKeys { get; init; } = [];

    /// <summary>How long an engine with work may complete no step before it counts as stuck and the node as not ready.</summary>
    public TimeSpan StuckAfter { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// The secret that the gateway of the same process sends (<see cref="GridHeaders.ProcessKey"/>): with keys, only such callers count as
    /// a gateway, and they need no key. Null: none does.
    /// </summary>
    public string? ProcessKey { get; init; }

    /// <summary>A file of further keys (<c>--api-key-file</c>); null for none.</summary>
    public string? ApiKeyFile { get; init; }

    /// <summary>
    /// Adds TLS with client certificates to the port; null: plain HTTP. A connection with a certificate that passed is one of the grid.
    /// </summary>
    public Action<ListenOptions>? ConfigureListener { get; init; }

    /// <summary>
    /// Whether <c>/internal</c> and the headers of gateways count from loopback without a certificate, as within <c>grid serve</c>
    /// without keys.
    /// </summary>
    public bool TrustLoopback { get; init; } = true;

    /// <summary>Hosts that requests may name on loopback beside this machine (<c>--allowed-host</c>); <c>*</c> for all.</summary>
    public IReadOnlyList<string> AllowedHosts { get; init; } = [];

    /// <summary>Further checks of <c>/readyz</c>, such as membership (reason not_a_member); asked at each probe.</summary>
    public Func<IEnumerable<HealthCheck>> Checks { get; init; } = () => [];
}
