using Grid.Abstractions.Replicas;

namespace Grid.Abstractions.Models;

/// <summary>What a model wants of one replica.</summary>
/// <param name="Index">N of rN.</param>
/// <param name="Revision">What it is to serve.</param>
/// <param name="Target">What is wanted.</param>
/// <param name="HandOverAt">With Drain and Stop.</param>
[GenerateSerializer, Immutable]
public sealed record ReplicaWish(
    int Index,
    string Revision,
    ReplicaTarget Target,
    DateTimeOffset? HandOverAt);
