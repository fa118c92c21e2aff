namespace Grid.Abstractions.Replicas;

/// <summary>What a ShardHost says of one shard.</summary>
/// <param name="Replica">smollm2/r0.</param>
/// <param name="Epoch">Of its plan.</param>
/// <param name="Shard">dp0/pp0/tp0 or ep3.</param>
/// <param name="State">Its life.</param>
/// <param name="Device">Where its weights are.</param>
/// <param name="ReservedBytes">What it holds.</param>
/// <param name="Progress">Share loaded, 0 to 1.</param>
/// <param name="Reason">A word for programs.</param>
/// <param name="Message">A sentence for people.</param>
/// <param name="Generation">Of its place in the plan.</param>
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
