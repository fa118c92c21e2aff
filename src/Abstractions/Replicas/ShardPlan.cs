namespace Grid.Abstractions.Replicas;

/// <summary>Where one shard stands.</summary>
/// <param name="Shard">dp0/pp0/tp0 or ep3.</param>
/// <param name="Node">The node.</param>
/// <param name="Incarnation">Of the node's process: a restarted node holds nothing of it.</param>
/// <param name="SiloAddress">For the placement director.</param>
/// <param name="Device">On the node.</param>
/// <param name="ReservedBytes">In the ledger.</param>
/// <param name="DataPlane">HOST:PORT of the node's data plane, or empty.</param>
/// <param name="Generation">Rises where the shard alone is placed anew, under the plan's epoch: an expert shard that was lost.</param>
/// <param name="CacheBytes">Of the reserved bytes, what the KV cache may take; 0: not divided, or it has none.</param>
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
