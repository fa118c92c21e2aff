namespace Grid.Abstractions.Replicas;

/// <summary>Replica to grid: how far its plan is.</summary>
/// <param name="Replica">smollm2/r0.</param>
/// <param name="Epoch">Of the plan that it carries out.</param>
/// <param name="State">Its life.</param>
/// <param name="Reason">A word for programs, such as LoadFailed.</param>
/// <param name="Message">A sentence for people.</param>
/// <param name="Sequence">Of the directive that it answers.</param>
/// <param name="Untold">Shards that have not taken that directive yet.</param>
[GenerateSerializer, Immutable]
public sealed record ReplicaStatus(
    string Replica,
    long Epoch,
    ReplicaState State,
    string? Reason,
    string? Message,
    long Sequence,
    int Untold = 0);
