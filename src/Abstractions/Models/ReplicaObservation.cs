using Grid.Abstractions.Replicas;

namespace Grid.Abstractions.Models;

/// <summary>What the grid knows of one replica, for its model.</summary>
/// <param name="Index">N of rN.</param>
/// <param name="Epoch">0 while it has no plan.</param>
/// <param name="Revision">What it serves.</param>
/// <param name="State">Its life.</param>
/// <param name="Target">What was last wanted of it.</param>
/// <param name="Evacuate">It stands on a node that is being drained or that is lost.</param>
/// <param name="HandOverAt">Deadline of that drain.</param>
/// <param name="Streams">In flight on its ranks.</param>
/// <param name="Reason">Why it is not ready.</param>
[GenerateSerializer, Immutable]
public sealed record ReplicaObservation(
    int Index,
    long Epoch,
    string Revision,
    ReplicaState State,
    ReplicaTarget Target,
    bool Evacuate,
    DateTimeOffset? HandOverAt,
    int Streams,
    string? Reason);
