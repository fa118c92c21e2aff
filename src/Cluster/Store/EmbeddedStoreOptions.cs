using System.Net;
using Grid.Cluster.Security;

namespace Grid.Cluster.Store;

/// <summary>Where the embedded store keeps its files and listens.</summary>
public sealed record EmbeddedStoreOptions
{
    /// <summary>Its own folder: the data folder's <c>store</c>.</summary>
    public required string Folder { get; init; }

    /// <summary>Where other nodes reach it; without TLS loopback alone.</summary>
    public IPAddress Address { get; init; } = IPAddress.Loopback;

    /// <summary>The address that other nodes dial; null for <see cref="Address"/>.</summary>
    public string? AdvertisedAddress { get; init; }

    /// <summary>0 takes a free one.</summary>
    public int Port { get; init; }

    /// <summary>The TLS that other nodes must use; null for plain links on this machine only.</summary>
    public NodeTls? Tls { get; init; }

    /// <summary>The append-only file is folded into a checkpoint beyond this. Default 64 MiB.</summary>
    public string AppendOnlyFileLimit { get; init; } = "64m";
}
