namespace Grid.Abstractions.Admin;

/// <summary>A shard in NodeView.</summary>
/// <param name="Id">guide/r0/dp0/pp0/tp0.</param>
/// <param name="Epoch">Of its plan.</param>
/// <param name="State">ShardState.</param>
/// <param name="Device">On its node.</param>
/// <param name="ReservedBytes">By the ledger.</param>
[GenerateSerializer(IncludePrimaryConstructorParameters = false), Alias("grid.ShardView"), Immutable]
public sealed record ShardView(
    [property: Id(0)] ReplicaShardId Id,
    [property: Id(1)] long Epoch,
    [property: Id(2)] string State,
    [property: Id(3)] DeviceId Device,
    [property: Id(4)] long ReservedBytes);
