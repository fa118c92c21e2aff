using System.Net;
using Grid.Cluster.Store;

namespace Grid.Cluster.Hosting;

/// <summary>A node's Orleans silo.</summary>
public sealed record OrleansSiloOptions
{
    /// <summary>The node's name, and the silo's.</summary>
    public required string Name { get; init; }

    /// <summary>Where the silo listens.</summary>
    public IPAddress Address { get; init; } = IPAddress.Loopback;

    /// <summary>The address that other nodes dial; null for <see cref="Address"/>.</summary>
    public IPAddress? AdvertisedAddress { get; init; }

    /// <summary>Of other silos; not 0.</summary>
    public required int SiloPort { get; init; }

    /// <summary>Of gateways; not 0.</summary>
    public required int ClientPort { get; init; }

    /// <summary>What this process knows of the store; grains may ask for it.</summary>
    public required StoreWatch Watch { get; init; }

    /// <summary>Adds grains and what they need; called at each start of the Orleans host.</summary>
    public required Action<ISiloBuilder> Configure { get; init; }
}
