namespace Grid.Abstractions.Admin;

/// <summary>drain --dry-run.</summary>
/// <param name="Allowed">Whether it would be accepted.</param>
/// <param name="Reasons">Why not, with numbers; and what force would lose.</param>
/// <param name="Moves">What would move.</param>
/// <param name="Streams">In flight on the node.</param>
[GenerateSerializer, Immutable]
public sealed record DrainPreview(
    bool Allowed,
    string[] Reasons,
    ShardMove[] Moves,
    int Streams);
