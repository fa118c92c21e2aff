using Grid.Primitives.Ids;

namespace Grid.Engine.Planning;

/// <summary>What a plan puts on one device.</summary>
/// <param name="Shard">The shard.</param>
/// <param name="Device">Where it stands.</param>
/// <param name="FirstLayer">The first of its layers.</param>
/// <param name="Layers">How many.</param>
/// <param name="WeightsBytes">Expert shards on the device included.</param>
/// <param name="AvailableBytes">Of the device, after <c>--gpu-memory-utilization</c>.</param>
/// <param name="NumBlocks">KV blocks that fit beside the weights; never negative.</param>
/// <param name="RequestBytes">Keys and values of one request of full length, or the cache that was asked for.</param>
public sealed record PlannedShard(
    ShardId Shard, InventoryDevice Device, int FirstLayer, int Layers, long WeightsBytes, long AvailableBytes, long NumBlocks, long RequestBytes);
