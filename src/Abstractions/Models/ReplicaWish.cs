using Grid.Abstractions.Replicas;

namespace Grid.Abstractions.Models;

/// <summary>What a model wants of one replica.</summary>
/// <param name="Index">N of rN.</param>
/// <param name="Epoch">Of the plan that is meant; 0: it has none yet and is to be placed. A wish for another epoch is dropped.</param>
/// <param name="Revision">What it is to serve.</param>
/// <param name="Target">What is wanted.</param>
/// <param name="HandOverAt">With Drain and Stop.</param>
[GenerateSerializer(IncludePrimaryConstructorParameters = false), Alias("grid.ReplicaWish"), Immutable]
public sealed record ReplicaWish(
    [property: Id(0)] int Index,
    [property: Id(1)] long Epoch,
    [property: Id(2)] string Revision,
    [property: Id(3)] ReplicaTarget Target,
    [property: Id(4)] DateTimeOffset? HandOverAt);
