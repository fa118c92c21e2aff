namespace Grid.Abstractions.Admin;

/// <summary>A shard, as a node shows it.</summary>
/// <param name="Id">Its id, such as guide/r0/dp0/pp0/tp0.</param>
/// <param name="Epoch">The epoch of its plan.</param>
/// <param name="State">The name of a <c>ShardState</c>.</param>
/// <param name="Device">The device of its node that holds it.</param>
/// <param name="ReservedBytes">The memory that the ledger has reserved for it.</param>
[GenerateSerializer(IncludePrimaryConstructorParameters = false), Alias("grid.ShardView"), Immutable]
public sealed record ShardView(
    [property: Id(0)] ReplicaShardId Id,
    [property: Id(1)] long Epoch,
    [property: Id(2)] string State,
    [property: Id(3)] DeviceId Device,
    [property: Id(4)] long ReservedBytes);
