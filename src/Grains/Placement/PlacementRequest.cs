using Grid.Abstractions.Configuration;
using Grid.Abstractions.Replicas;

namespace Grid.Grains.Placement;

/// <summary>A replica that wants a place.</summary>
/// <param name="Replica">smollm2/r0, for messages.</param>
/// <param name="Source">Whose files a node must have.</param>
/// <param name="Checksum">Of those files; null for sim.</param>
/// <param name="Shape">Its shards; null: the placer chooses a layout for the model.</param>
/// <param name="Model">What they are made of.</param>
/// <param name="Rules">nodeSelector and spread.</param>
/// <param name="Occupied">Shards of the same model by node.</param>
/// <param name="Avoid">Taken only where no other node fits: it failed there.</param>
/// <param name="Only">Names of the shards that want a place; null: all of the shape.</param>
/// <param name="Beside">Shards of the replica that stand already.</param>
internal sealed record PlacementRequest(
    string Replica,
    string Source,
    string? Checksum,
    ReplicaShape? Shape,
    ModelSize Model,
    PlacementSpec? Rules,
    IReadOnlyDictionary<string, int> Occupied,
    IReadOnlySet<string> Avoid,
    ShardId[]? Only = null,
    IReadOnlyCollection<ShardPlan>? Beside = null);
