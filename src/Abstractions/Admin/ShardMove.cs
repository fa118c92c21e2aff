namespace Grid.Abstractions.Admin;

/// <summary>A shard that a drain would move.</summary>
/// <param name="Shard">Its id, such as guide/r0/dp0/pp0/tp0.</param>
/// <param name="From">The node that it would leave.</param>
/// <param name="To">The node that it would move to; null if none has room.</param>
[GenerateSerializer(IncludePrimaryConstructorParameters = false), Alias("grid.ShardMove"), Immutable]
public sealed record ShardMove(
    [property: Id(0)] ReplicaShardId Shard,
    [property: Id(1)] string From,
    [property: Id(2)] string? To);
