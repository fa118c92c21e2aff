namespace Grid.Abstractions.Admin;

/// <summary>The number of nodes, as the grid's status shows it.</summary>
/// <param name="Total">The number of members with the silo role.</param>
/// <param name="Ready">How many of them are ready.</param>
[GenerateSerializer(IncludePrimaryConstructorParameters = false), Alias("grid.NodeCounts"), Immutable]
public sealed record NodeCounts(
    [property: Id(0)] int Total,
    [property: Id(1)] int Ready);
