namespace Grid.Abstractions.Replicas;

/// <summary>A rank that streams of another rank may be handed over to.</summary>
/// <param name="Epoch">Epoch of its plan.</param>
/// <param name="Node">The node of its first shard.</param>
[GenerateSerializer(IncludePrimaryConstructorParameters = false), Alias("grid.HandOverRank"), Immutable]
public sealed record HandOverRank([property: Id(0)] RankId Rank, [property: Id(1)] long Epoch, [property: Id(2)] string Node);
