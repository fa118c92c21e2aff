using Grid.Abstractions.Configuration;
using Grid.Abstractions.Replicas;

namespace Grid.Grains.Placement;

/// <summary>A replica that wants a place.</summary>
/// <param name="Replica">smollm2/r0, for messages.</param>
/// <param name="Source">Whose files a node must have.</param>
/// <param name="Checksum">Of those files; null for sim.</param>
/// <param name="Layout">Its sizes.</param>
/// <param name="BytesPerShard">Memory of each shard.</param>
/// <param name="Rules">nodeSelector and spread.</param>
/// <param name="Occupied">Shards of the same model by node.</param>
/// <param name="Avoid">Taken only where no other node fits: it failed there.</param>
internal sealed record PlacementRequest(
    string Replica,
    string Source,
    string? Checksum,
    ReplicaLayout Layout,
    long BytesPerShard,
    PlacementSpec? Rules,
    IReadOnlyDictionary<string, int> Occupied,
    IReadOnlySet<string> Avoid);
