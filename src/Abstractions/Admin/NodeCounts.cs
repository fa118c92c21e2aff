namespace Grid.Abstractions.Admin;

/// <summary>Nodes in GridStatus.</summary>
/// <param name="Total">Members with the silo role.</param>
/// <param name="Ready">Of them.</param>
[GenerateSerializer(IncludePrimaryConstructorParameters = false), Alias("grid.NodeCounts"), Immutable]
public sealed record NodeCounts(
    [property: Id(0)] int Total,
    [property: Id(1)] int Ready);
