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
[GenerateSerializer, Immutable]
public sealed record ShardPlan(
    string Shard,
    string Node,
    string Incarnation,
    string SiloAddress,
    string Device,
    long ReservedBytes,
    string DataPlane = "",
    int Generation = 0,
    long CacheBytes = 0);
