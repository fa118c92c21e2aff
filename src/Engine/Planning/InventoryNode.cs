using Grid.Primitives.Ids;

namespace Grid.Engine.Planning;

/// <summary>A machine with its devices.</summary>
/// <param name="Name">The node's name; node0, node1, ... for simulated nodes.</param>
/// <param name="Devices">Its devices, at least one.</param>
public sealed record InventoryNode(string Name, IReadOnlyList<InventoryDevice> Devices)
{
    /// <summary>A node of equal devices, named node0 or sim:0 by their places.</summary>
    public static InventoryNode Uniform(int index, int devices, long memoryBytes, DeviceKind kind = DeviceKind.Sim) =>
        new($"node{index}",
        [.. Enumerable.Range(0, devices).Select(device => new InventoryDevice($"node{index}", new DeviceId(kind, device), memoryBytes))]);
}
