using Grid.Abstractions.Routing;
using Orleans.Concurrency;

namespace Grid.Abstractions.Grains;

/// <summary>A gateway that wants routing tables pushed.</summary>
[Alias("grid.IRoutingTableObserver")]
public interface IRoutingTableObserver : IGrainObserver
{
    /// <summary>A new table.</summary>
    [Alias("Push"), OneWay]
    Task Push(RoutingTable table);
}
