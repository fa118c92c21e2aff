namespace Grid.Engine.Planning;

/// <summary>Puts ranks on devices: tensor fastest, then pipeline, then data.</summary>
internal static class DevicePlacement
{
    /// <summary>
    /// A device for each rank. The shards of a stage are placed on one node where nodes are large enough; where they are not, ranks follow
    /// the devices over the nodes' borders. Null: there are too few devices.
    /// </summary>
    public static InventoryDevice[]? Place(DeviceInventory inventory, ParallelLayout layout)
    {
        var within = inventory.Nodes.SelectMany(node => node.Devices.Take(node.Devices.Count / layout.Tensor * layout.Tensor)).ToArray();
        var devices = within.Length >= layout.WorldSize ? within : [.. inventory.Devices];
        return devices.Length >= layout.WorldSize ? devices[..layout.WorldSize] : null;
    }

    /// <summary>Nodes that a stage of a layout spans at most.</summary>
    public static string[] WidestSpan(IReadOnlyList<InventoryDevice> devices, int tensor) =>
        devices.Chunk(tensor).Select(stage => stage.Select(device => device.Node).Distinct().ToArray()).MaxBy(nodes => nodes.Length)!;
}
