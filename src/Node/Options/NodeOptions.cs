using System.Net;
using Grid.Abstractions.Configuration;
using Grid.Abstractions.Nodes;
using Grid.Cluster.Joining;

namespace Grid.Node.Options;

/// <summary>A process of a grid: which parts it has, and what it needs to be a member.</summary>
public sealed record NodeOptions
{
    /// <summary>Name, addresses, ports, folder, keys.</summary>
    public required ServerOptions Server { get; init; }

    /// <summary>Whether it makes the grid; else <see cref="Join"/>.</summary>
    public required bool Head { get; init; }

    /// <summary>Whether it hosts grains and engines.</summary>
    public required bool Silo { get; init; }

    /// <summary>Whether it answers clients.</summary>
    public required bool Gateway { get; init; }

    /// <summary>HOST:PORT of the head's join port; null if this is the head.</summary>
    public string? Join { get; init; }

    /// <summary>The join token; null if there is none.</summary>
    public string? Token { get; init; }

    /// <summary>What other nodes dial.</summary>
    public required IPAddress AdvertisedAddress { get; init; }

    /// <summary>For placement.</summary>
    public required Dictionary<string, string> Labels { get; init; }

    /// <summary>What placement may use.</summary>
    public required DeviceFacts[] Devices { get; init; }

    /// <summary>The threads of a rank; null for all cores.</summary>
    public int? CpuThreads { get; init; }

    /// <summary>The grid.yaml that is watched; null if there is none.</summary>
    public string? ConfigFile { get; init; }

    /// <summary>An external Redis; null for the embedded store.</summary>
    public StoreAccess? Store { get; init; }

    /// <summary>Whether that Redis may forget.</summary>
    public bool AllowVolatileStore { get; init; }

    /// <summary>Whether the links between nodes are mutual TLS; a grid of this process alone needs none.</summary>
    public required bool Private { get; init; }

    /// <summary>The one model of <c>grid serve</c>: the process is ready when it answers.</summary>
    public ModelSpec? Model { get; init; }

    /// <summary>In the order that people read them.</summary>
    public string[] Roles =>
        [.. Named(Head, "head"), .. Named(Silo, "silo"), .. Named(Gateway, "gateway"), .. Named(Head && Store is null, "store")];

    private static string[] Named(bool has, string role) => has ? [role] : [];
}
