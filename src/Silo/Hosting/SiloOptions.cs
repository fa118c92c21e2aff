using System.Net;

namespace Grid.Silo.Hosting;

/// <summary>What a silo's HTTP endpoint needs to know.</summary>
public sealed record SiloOptions
{
    /// <summary>The node's name: answers carry it as <c>X-Grid-Node</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The names that requests may use, the main one first (<c>--served-model-name</c>).</summary>
    public required IReadOnlyList<string> ModelNames { get; init; }

    /// <summary>Where to listen (<c>--bind</c>, <c>--host</c>).</summary>
    public IPAddress Address { get; init; } = IPAddress.Loopback;

    /// <summary>TCP port; 0 takes a free one (<c>--port</c>).</summary>
    public int Port { get; init; } = 8000;

    /// <summary>Keys of which a request must carry one; none: anyone may ask (<c>--api-key</c>).</summary>
    public IReadOnlyList<string> ApiKeys { get; init; } = [];

    /// <summary>An engine that has work and makes no step for so long is stuck, and the node not ready.</summary>
    public TimeSpan StuckAfter { get; init; } = TimeSpan.FromSeconds(30);
}
