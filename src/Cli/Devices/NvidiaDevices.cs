using Grid.Engine.Planning;

namespace Grid.Cli.Devices;

/// <summary>What the NVIDIA driver reports of this machine.</summary>
/// <param name="Names">The names of the devices, in their order.</param>
/// <param name="Node">The same devices with their memory.</param>
/// <param name="HasNVLink">Whether any two of them are linked.</param>
internal sealed record NvidiaDevices(IReadOnlyList<string> Names, InventoryNode Node, bool HasNVLink)
{
    public int Count => Names.Count;
}
