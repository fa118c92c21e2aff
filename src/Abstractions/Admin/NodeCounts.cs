namespace Grid.Abstractions.Admin;

/// <summary>Nodes in GridStatus.</summary>
/// <param name="Total">Members with the silo role.</param>
/// <param name="Ready">Of them.</param>
[GenerateSerializer, Immutable]
public sealed record NodeCounts(
    int Total,
    int Ready);
