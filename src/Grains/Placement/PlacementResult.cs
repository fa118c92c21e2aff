using Grid.Abstractions.Replicas;

namespace Grid.Grains.Placement;

/// <summary>Places, or what was missing.</summary>
/// <param name="Shards">Null where there is no place.</param>
/// <param name="Missing">With numbers; null where there is a place.</param>
internal sealed record PlacementResult(ShardPlan[]? Shards, string? Missing);
