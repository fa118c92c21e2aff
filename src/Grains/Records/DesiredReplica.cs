using Grid.Abstractions.Replicas;

namespace Grid.Grains.Records;

/// <summary>The desired state of one replica.</summary>
/// <param name="Index">The index of the replica: N of rN.</param>
/// <param name="Epoch">The epoch of its plan; 0 if it still has to be placed.</param>
/// <param name="Revision">The revision that it is to serve.</param>
/// <param name="Target">What is desired of it.</param>
/// <param name="HandOverAt">When its streams are handed over, with Drain and Stop; null for never.</param>
internal sealed record DesiredReplica(int Index, long Epoch, string Revision, ReplicaTarget Target, DateTimeOffset? HandOverAt);
