using Grid.Engine.Planning;
using Grid.Grains.Records;

namespace Grid.Grains.Placement;

/// <summary>What is free on nodes, as the planner reads it.</summary>
/// <param name="search">The free memory of the nodes.</param>
internal sealed class Inventory(PlacementSearch search)
{
    private const int MostNodes = 64;

    /// <summary>The devices of a node that have anything free.</summary>
    public InventoryNode Of(NodeRecord node) => new(node.Name, [.. node.Report!.Facts.Devices
        .Select(device => new InventoryDevice(node.Name, device.Id, search.Free(node, device), Speed: device.Speed))
        .Where(device => device.MemoryBytes > 0)
        .OrderByDescending(device => device.MemoryBytes)]);

    /// <summary>
    /// The nodes with the largest free devices first, those where it failed last; no more than one replica would ever span. Null: nothing
    /// is free.
    /// </summary>
    public DeviceInventory? All()
    {
        InventoryNode[] nodes = [.. search.Open
            .Select(node => (search.Rank(node).Avoided, Node: Of(node)))
            .Where(pair => pair.Node.Devices.Count > 0)
            .OrderBy(pair => pair.Avoided).ThenByDescending(pair => pair.Node.Devices[0].MemoryBytes)
            .Take(MostNodes).Select(pair => pair.Node)];
        return nodes.Length == 0 ? null : new DeviceInventory(nodes);
    }

    /// <summary>Without devices that are much smaller than the largest: a stage is as large as its smallest device.</summary>
    public static DeviceInventory Large(DeviceInventory inventory)
    {
        var least = inventory.Devices.Max(device => device.MemoryBytes) / 2;
        return inventory with
        {
            Nodes = [
                .. inventory.Nodes.Select(node => node with { Devices = [.. node.Devices.Where(device => device.MemoryBytes >= least)] })
                .Where(node => node.Devices.Count > 0)],
        };
    }
}
