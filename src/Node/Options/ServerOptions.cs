using System.Net;
using Grid.Abstractions.Nodes;

namespace Grid.Node.Options;

/// <summary>How a process listens and where it keeps its files.</summary>
public sealed record ServerOptions
{
    /// <summary>At least one; the first is the one in answers.</summary>
    public required IReadOnlyList<string> ServedModelNames { get; init; }

    /// <summary>The node's name.</summary>
    public required string Name { get; init; }

    /// <summary>Where all ports listen.</summary>
    public required IPAddress Address { get; init; }

    /// <summary>All ports but the HTTP API's.</summary>
    public required PortLayout Ports { get; init; }

    /// <summary>Of the OpenAI API; 0 for a free one.</summary>
    public required int HttpPort { get; init; }

    /// <summary>Absolute.</summary>
    public required string DataFolder { get; init; }

    /// <summary>The accepted API keys; if there are none, anyone may ask.</summary>
    public IReadOnlyList<string> ApiKeys { get; init; } = [];

    /// <summary>A file of further keys, read again when it changes; null for none.</summary>
    public string? ApiKeyFile { get; init; }

    /// <summary>Whether clients of different keys share cached prefixes.</summary>
    public bool SharePrefixCache { get; init; }

    /// <summary>Origins whose web pages may read answers; <c>*</c> for all.</summary>
    public IReadOnlyList<string> AllowedOrigins { get; init; } = ["*"];

    /// <summary>Hosts that requests may name on loopback beside this machine.</summary>
    public IReadOnlyList<string> AllowedHosts { get; init; } = [];

    /// <summary>The certificate that clients are shown, in PEM; null for plain HTTP.</summary>
    public string? CertificateFile { get; init; }

    /// <summary>The private key of <see cref="CertificateFile"/>, in PEM.</summary>
    public string? KeyFile { get; init; }

    /// <summary>The most connections of clients at a time.</summary>
    public int MaxConnections { get; init; } = 4096;

    /// <summary>How long a client may read nothing while its answer waits for it.</summary>
    public TimeSpan SlowClientTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long running requests may take to end.</summary>
    public required TimeSpan ShutdownTimeout { get; init; }

    /// <summary>Whether log lines are JSON.</summary>
    public required bool JsonLogs { get; init; }
}
