using Grid.Abstractions.Replicas;

namespace Grid.Grains.Placement;

/// <summary>The places that were found, or what was missing.</summary>
/// <param name="Shards">The places; null if there are none.</param>
/// <param name="Missing">What was missing, with numbers; null if there are places.</param>
/// <param name="Shape">The shape that was placed; null if there are no places.</param>
/// <param name="Reasons">Why this layout was chosen, in sentences; null if it was asked for.</param>
internal sealed record PlacementResult(ShardPlan[]? Shards, string? Missing, ReplicaShape? Shape = null, string[]? Reasons = null);
