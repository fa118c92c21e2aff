namespace Grid.Abstractions.Replicas;

/// <summary>The place of one shard.</summary>
/// <param name="Shard">The shard, such as dp0/pp0/tp0 or ep3.</param>
/// <param name="Incarnation">The incarnation of the node's process; a restarted node does not hold the shard.</param>
/// <param name="SiloAddress">The address of the silo, for the placement director.</param>
/// <param name="Device">The device of the node.</param>
/// <param name="ReservedBytes">The memory that the ledger has reserved for it.</param>
/// <param name="DataPlane">HOST:PORT of the node's data plane, or empty.</param>
/// <param name="Generation">A number that rises when the shard alone is placed again under the plan's epoch, such as a lost expert
/// shard.</param>
/// <param name="CacheBytes">The part of the reserved memory that the KV cache may take; 0 if it is not divided or there is no KV
/// cache.</param>
[GenerateSerializer(IncludePrimaryConstructorParameters = false), Alias("grid.ShardPlan"), Immutable]
public sealed record ShardPlan(
    [property: Id(0)] ShardId Shard,
    [property: Id(1)] string Node,
    [property: Id(2)] string Incarnation,
    [property: Id(3)] string SiloAddress,
    [property: Id(4)] DeviceId Device,
    [property: Id(5)] long ReservedBytes,
    [property: Id(6)] string DataPlane = "",
    [property: Id(7)] int Generation = 0,
    [property: Id(8)] long CacheBytes = 0);
