namespace Grid.Abstractions.Admin;

/// <summary>A move in DrainPreview.</summary>
/// <param name="Shard">guide/r0/dp0/pp0/tp0.</param>
/// <param name="From">Node.</param>
/// <param name="To">Node; null: none has room.</param>
[GenerateSerializer(IncludePrimaryConstructorParameters = false), Alias("grid.ShardMove"), Immutable]
public sealed record ShardMove(
    [property: Id(0)] ReplicaShardId Shard,
    [property: Id(1)] string From,
    [property: Id(2)] string? To);
