using Grid.Abstractions.Replicas;

namespace Grid.Grains.Models;

/// <summary>What is known of one replica when the replicas of its model are decided on.</summary>
/// <param name="Index">The index of the replica: N of rN.</param>
/// <param name="Epoch">Epoch of its plan; 0 while it has none.</param>
/// <param name="Revision">The revision that it serves.</param>
/// <param name="State">Its state, from the reports of its nodes.</param>
/// <param name="Target">What was last desired of it.</param>
/// <param name="HandOverAt">The hand-over that was last desired, with Drain and Stop.</param>
/// <param name="Draining">A node under it is being drained.</param>
/// <param name="DrainBy">The deadline of that drain; null for the model's drainTimeout from now.</param>
/// <param name="Force">That drain may go below minAvailable, and needs no room elsewhere.</param>
/// <param name="Streams">Requests in flight on its ranks.</param>
/// <param name="Room">Further requests that its ranks could run now.</param>
/// <param name="Reason">Why it is not ready.</param>
/// <param name="Available">It waits for no expert, and no node of it is late: with Serve and Ready, requests are answered.</param>
internal sealed record ReplicaObservation(
    int Index,
    long Epoch,
    string Revision,
    ReplicaState State,
    ReplicaTarget Target,
    DateTimeOffset? HandOverAt,
    bool Draining,
    DateTimeOffset? DrainBy,
    bool Force,
    int Streams,
    int Room,
    string? Reason,
    bool Available = true)
{
    /// <summary>It serves, as far as is known.</summary>
    public bool IsReady => this is { Target: ReplicaTarget.Serve, State: ReplicaState.Ready };
}
