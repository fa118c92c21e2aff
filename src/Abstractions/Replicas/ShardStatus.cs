namespace Grid.Abstractions.Replicas;

/// <summary>What a ShardHost reports of one shard.</summary>
/// <param name="Epoch">The epoch of its plan.</param>
/// <param name="Shard">The shard, such as dp0/pp0/tp0 or ep3.</param>
/// <param name="State">The state of its life.</param>
/// <param name="Device">The device that holds its weights.</param>
/// <param name="ReservedBytes">The memory that is reserved for it.</param>
/// <param name="Progress">The share that is loaded, from 0 to 1.</param>
/// <param name="Reason">The reason for the state, as one word for programs.</param>
/// <param name="Message">A sentence for people.</param>
/// <param name="Generation">The generation of its placement.</param>
[GenerateSerializer(IncludePrimaryConstructorParameters = false), Alias("grid.ShardStatus"), Immutable]
public sealed record ShardStatus(
    [property: Id(0)] ReplicaId Replica,
    [property: Id(1)] long Epoch,
    [property: Id(2)] ShardId Shard,
    [property: Id(3)] ShardState State,
    [property: Id(4)] DeviceId Device,
    [property: Id(5)] long ReservedBytes,
    [property: Id(6)] double Progress = 0,
    [property: Id(7)] string? Reason = null,
    [property: Id(8)] string? Message = null,
    [property: Id(9)] int Generation = 0);
