using Grid.Abstractions.Routing;
using Orleans.Concurrency;

namespace Grid.Abstractions.Grains;

/// <summary>A gateway to which new routing tables are pushed.</summary>
[Alias("grid.IRoutingTableObserver")]
public interface IRoutingTableObserver : IGrainObserver
{
    /// <summary>Takes a new table.</summary>
    [Alias("Push"), OneWay]
    Task Push(RoutingTable table);
}
