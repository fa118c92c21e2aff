namespace Grid.Abstractions.Admin;

/// <summary>A rank in ReplicaView.</summary>
/// <param name="Id">guide/r0/dp0.</param>
/// <param name="Node">Its node.</param>
/// <param name="State">ShardState.</param>
/// <param name="Running">Requests.</param>
/// <param name="Waiting">Requests.</param>
[GenerateSerializer(IncludePrimaryConstructorParameters = false), Alias("grid.RankView"), Immutable]
public sealed record RankView(
    [property: Id(0)] RankId Id,
    [property: Id(1)] string Node,
    [property: Id(2)] string State,
    [property: Id(3)] int Running,
    [property: Id(4)] int Waiting);
