namespace Grid.Abstractions.Admin;

/// <summary>The answer of grid drain --dry-run.</summary>
/// <param name="Allowed">Whether the drain would be accepted.</param>
/// <param name="Reasons">Why it would be refused, with numbers, and what would be lost with force.</param>
/// <param name="Moves">The shards that would move.</param>
/// <param name="Streams">The number of streams in flight on the node.</param>
[GenerateSerializer(IncludePrimaryConstructorParameters = false), Alias("grid.DrainPreview"), Immutable]
public sealed record DrainPreview(
    [property: Id(0)] bool Allowed,
    [property: Id(1)] string[] Reasons,
    [property: Id(2)] ShardMove[] Moves,
    [property: Id(3)] int Streams);
