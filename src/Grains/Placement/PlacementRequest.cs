using Grid.Abstractions.Configuration;
using Grid.Abstractions.Replicas;

namespace Grid.Grains.Placement;

/// <summary>A replica that has to be placed.</summary>
/// <param name="Replica">The replica's id, for messages.</param>
/// <param name="Source">The source whose files a node must have.</param>
/// <param name="Checksum">The checksum of those files; null for a simulated model.</param>
/// <param name="Shape">Its shards; null if the placer is to choose a layout for the model.</param>
/// <param name="Model">The size of the model.</param>
/// <param name="Rules">The model's placement rules.</param>
/// <param name="Occupied">The number of shards of the same model by node.</param>
/// <param name="Avoid">Nodes on which it failed; they are used only if no other node fits.</param>
/// <param name="Only">The shards that have to be placed; null for all of the shape.</param>
/// <param name="Beside">Shards of the replica that have a place already.</param>
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
