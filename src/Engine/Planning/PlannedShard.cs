using Grid.Primitives.Ids;

namespace Grid.Engine.Planning;

/// <summary>A shard that a plan puts on a device.</summary>
/// <param name="Device">The device that holds it.</param>
/// <param name="FirstLayer">Its first layer, from 0.</param>
/// <param name="Layers">Number of its layers.</param>
/// <param name="WeightsBytes">Bytes of its weights, and of expert shards on the same device.</param>
/// <param name="AvailableBytes">Bytes of the device, after <c>--gpu-memory-utilization</c>.</param>
/// <param name="NumBlocks">KV blocks that fit beside the weights; never negative.</param>
/// <param name="RequestBytes">Bytes of the KV cache of one request of full length, or of the requested cache.</param>
public sealed record PlannedShard(
    ShardId Shard, InventoryDevice Device, int FirstLayer, int Layers, long WeightsBytes, long AvailableBytes, long NumBlocks,
    long RequestBytes);
