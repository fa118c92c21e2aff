namespace Grid.Abstractions.Replicas;

/// <summary>Replica to grid: how far its plan is.</summary>
/// <param name="Replica">smollm2/r0.</param>
/// <param name="Epoch">Of the plan that it carries out.</param>
/// <param name="State">Its life.</param>
/// <param name="Reason">A word for programs, such as LoadFailed.</param>
/// <param name="Message">A sentence for people.</param>
/// <param name="Sequence">Of the directive that it answers.</param>
/// <param name="Untold">Shards that have not taken that directive yet.</param>
[GenerateSerializer(IncludePrimaryConstructorParameters = false), Alias("grid.ReplicaStatus"), Immutable]
public sealed record ReplicaStatus(
    [property: Id(0)] ReplicaId Replica,
    [property: Id(1)] long Epoch,
    [property: Id(2)] ReplicaState State,
    [property: Id(3)] string? Reason,
    [property: Id(4)] string? Message,
    [property: Id(5)] long Sequence,
    [property: Id(6)] int Untold = 0);
