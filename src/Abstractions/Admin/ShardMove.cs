namespace Grid.Abstractions.Admin;

/// <summary>A move in DrainPreview.</summary>
/// <param name="Shard">guide/r0/dp0/pp0/tp0.</param>
/// <param name="From">Node.</param>
/// <param name="To">Node; null: none has room.</param>
[GenerateSerializer, Immutable]
public sealed record ShardMove(
    string Shard,
    string From,
    string? To);
