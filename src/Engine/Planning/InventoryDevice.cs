namespace Grid.Engine.Planning;

/// <summary>A device that a plan may use.</summary>
/// <param name="Node">Name of its node.</param>
/// <param name="Id">cpu, cuda:N or sim:N.</param>
/// <param name="MemoryBytes">Its memory in bytes, before <c>--gpu-memory-utilization</c>.</param>
/// <param name="CacheBytes">Maximum bytes of the KV cache; null: all that the weights leave.</param>
/// <param name="Speed">Measured speed, in a unit that all devices share; 0: not measured.</param>
public sealed record InventoryDevice(string Node, string Id, long MemoryBytes, long? CacheBytes = null, double Speed = 0)
{
    /// <summary>What people read: <c>node0/sim:3</c>.</summary>
    public override string ToString() => $"{Node}/{Id}";
}
