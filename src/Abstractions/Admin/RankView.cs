namespace Grid.Abstractions.Admin;

/// <summary>A rank, as a replica shows it.</summary>
/// <param name="Id">Its id, such as guide/r0/dp0.</param>
/// <param name="Node">The node of its first shard.</param>
/// <param name="State">The name of a <c>ShardState</c>.</param>
/// <param name="Running">The number of running requests.</param>
/// <param name="Waiting">The number of waiting requests.</param>
[GenerateSerializer(IncludePrimaryConstructorParameters = false), Alias("grid.RankView"), Immutable]
public sealed record RankView(
    [property: Id(0)] RankId Id,
    [property: Id(1)] string Node,
    [property: Id(2)] string State,
    [property: Id(3)] int Running,
    [property: Id(4)] int Waiting);
