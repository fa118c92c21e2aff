using Grid.Primitives.Ids;

namespace Grid.Engine.Planning;

/// <summary>A device that a plan may use.</summary>
/// <param name="Node">The node that it is on.</param>
/// <param name="Id">Its id on the node.</param>
/// <param name="MemoryBytes">Its memory, before <c>--gpu-memory-utilization</c>.</param>
/// <param name="CacheBytes">The most that a KV cache may take of it; null: what is left.</param>
/// <param name="Speed">As measured, in a unit that all devices share; 0: not measured.</param>
public sealed record InventoryDevice(string Node, DeviceId Id, long MemoryBytes, long? CacheBytes = null, double Speed = 0)
{
    /// <summary>What people read: <c>node0/sim:3</c>.</summary>
    public override string ToString() => $"{Node}/{Id}";
}
