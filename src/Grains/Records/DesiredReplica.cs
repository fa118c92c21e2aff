using Grid.Abstractions.Replicas;

namespace Grid.Grains.Records;

/// <summary>What is wanted of one replica.</summary>
/// <param name="Index">N of rN.</param>
/// <param name="Epoch">Epoch of its plan; 0: it has none yet and is to be placed.</param>
/// <param name="Revision">The revision that it is to serve.</param>
/// <param name="Target">What is wanted of it.</param>
/// <param name="HandOverAt">When its streams are handed over, with Drain and Stop; null: never.</param>
internal sealed record DesiredReplica(int Index, long Epoch, string Revision, ReplicaTarget Target, DateTimeOffset? HandOverAt);
