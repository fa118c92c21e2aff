using System.Globalization;
using Grid.Engine.Devices;
using Grid.Engine.Loading;
using Grid.Primitives.Ids;

namespace Grid.Engine.Planning;

/// <summary>The devices that a plan may use.</summary>
/// <param name="Nodes">At least one, each with at least one device.</param>
/// <param name="HasNVLink">Whether devices of one node reach each other directly and fast.</param>
public sealed record DeviceInventory(IReadOnlyList<InventoryNode> Nodes, bool HasNVLink = true)
{
    /// <summary>All devices, node by node.</summary>
    public IEnumerable<InventoryDevice> Devices => Nodes.SelectMany(node => node.Devices);

    /// <summary>Equal nodes.</summary>
    /// <param name="nodes">The number of nodes.</param>
    /// <param name="devicesPerNode">Devices of each node.</param>
    /// <param name="memoryBytes">Memory of each device, in bytes.</param>
    /// <param name="hasNVLink">Whether devices of one node reach each other directly and fast.</param>
    /// <param name="kind">Kind of each device.</param>
    public static DeviceInventory Uniform(int nodes, int devicesPerNode, long memoryBytes, bool hasNVLink = true,
        DeviceKind kind = DeviceKind.Sim) =>
        new([.. Enumerable.Range(0, nodes).Select(node => InventoryNode.Uniform(node, devicesPerNode, memoryBytes, kind))], hasNVLink);

    /// <summary>This machine's main memory, as <c>grid serve</c> would divide it.</summary>
    /// <param name="ranks">Virtual devices that share the memory.</param>
    /// <param name="memoryBytes">Bytes that may be used; null: the free memory.</param>
    public static DeviceInventory Host(int ranks, long? memoryBytes = null)
    {
        var free = memoryBytes ?? HostMemory.Read().FreeBytes;
        var cache = KVCacheSizing.DefaultBytes(free) / ranks;
        return new(
            [new InventoryNode("localhost",
            [.. Enumerable.Range(0, ranks)
                .Select(rank =>
                new InventoryDevice("localhost", ranks == 1 ? DeviceId.Cpu : new DeviceId(DeviceKind.Cpu, rank), free / ranks, cache))])]);
    }

    /// <summary>The first nodes.</summary>
    internal DeviceInventory Take(int nodes) => this with { Nodes = [.. Nodes.Take(nodes)] };

    /// <summary>What people read: <c>2 nodes of 8 devices of 80 GiB</c>.</summary>
    internal string Describe()
    {
        var memories = Devices.Select(device => device.MemoryBytes).Distinct().Order().Select(PlanText.Size);
        var counts = Nodes.Select(node => node.Devices.Count).Distinct().Order()
            .Select(count => count.ToString(CultureInfo.InvariantCulture));
        return $"{PlanText.Count(Nodes.Count, "node")} of {string.Join(" or ", counts)} "
            + $"{(Nodes.All(node => node.Devices.Count == 1) ? "device" : "devices")} of {string.Join(" or ", memories)}";
    }
}
