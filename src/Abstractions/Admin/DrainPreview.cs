namespace Grid.Abstractions.Admin;

/// <summary>drain --dry-run.</summary>
/// <param name="Allowed">Whether it would be accepted.</param>
/// <param name="Reasons">Why not, with numbers; and what force would lose.</param>
/// <param name="Moves">What would move.</param>
/// <param name="Streams">In flight on the node.</param>
[GenerateSerializer(IncludePrimaryConstructorParameters = false), Alias("grid.DrainPreview"), Immutable]
public sealed record DrainPreview(
    [property: Id(0)] bool Allowed,
    [property: Id(1)] string[] Reasons,
    [property: Id(2)] ShardMove[] Moves,
    [property: Id(3)] int Streams);
