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
    public required IReadOnlyList<string> ApiKeys { get; init; }

    /// <summary>How long running requests may take to end.</summary>
    public required TimeSpan ShutdownTimeout { get; init; }

    /// <summary>Whether log lines are JSON.</summary>
    public required bool JsonLogs { get; init; }
}
