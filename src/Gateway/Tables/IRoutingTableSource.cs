using Grid.Abstractions.Routing;

namespace Grid.Gateway.Tables;

/// <summary>Where a gateway has its routing tables from. It never makes a request wait.</summary>
public interface IRoutingTableSource
{
    /// <summary>The last table; null before the first. It stays while the grid is away.</summary>
    RoutingTable? Current { get; }

    /// <summary>For how long nobody has said that <see cref="Current"/> is current.</summary>
    TimeSpan Age { get; }

    /// <summary>Raised after <see cref="Current"/> has changed.</summary>
    event Action? Changed;

    /// <summary>Tells the grid how this gateway is; lost where the grid is away.</summary>
    void Report(GatewayReport report);
}
