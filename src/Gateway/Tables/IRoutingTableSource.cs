using Grid.Abstractions.Routing;

namespace Grid.Gateway.Tables;

/// <summary>Source of a gateway's routing tables. It never makes a request wait.</summary>
public interface IRoutingTableSource
{
    /// <summary>The last table; null before the first. It stays while the grid is unreachable.</summary>
    RoutingTable? Current { get; }

    /// <summary>Time since the grid last confirmed <see cref="Current"/>.</summary>
    TimeSpan Age { get; }

    /// <summary>Raised after <see cref="Current"/> has changed.</summary>
    event Action? Changed;

    /// <summary>Reports this gateway to the grid; the report is lost where the grid is unreachable.</summary>
    void Report(GatewayReport report);
}
