using Grid.Abstractions.Replicas;

namespace Grid.Grains.Placement;

/// <summary>Places, or what was missing.</summary>
/// <param name="Shards">Null where there is no place.</param>
/// <param name="Missing">With numbers; null where there is a place.</param>
/// <param name="Shape">What was placed; null where there is no place.</param>
/// <param name="Reasons">Why this layout, in sentences; null: it was asked for.</param>
internal sealed record PlacementResult(ShardPlan[]? Shards, string? Missing, ReplicaShape? Shape = null, string[]? Reasons = null);
