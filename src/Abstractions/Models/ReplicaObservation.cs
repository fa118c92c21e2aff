using Grid.Abstractions.Replicas;

namespace Grid.Abstractions.Models;

/// <summary>What the grid knows of one replica, for its model.</summary>
/// <param name="Index">N of rN.</param>
/// <param name="Epoch">0 while it has no plan.</param>
/// <param name="Revision">What it serves.</param>
/// <param name="State">Its life.</param>
/// <param name="Target">What was last wanted of it.</param>
/// <param name="HandOverAt">As last wanted, with Drain and Stop.</param>
/// <param name="Evacuate">It stands on a node that is being emptied.</param>
/// <param name="EvacuateBy">Deadline of that drain; null: the model's drainTimeout from now.</param>
/// <param name="Force">That drain goes on below minAvailable and without room elsewhere.</param>
/// <param name="Streams">In flight on its ranks.</param>
/// <param name="Room">Further requests that its ranks could run now.</param>
/// <param name="Reason">Why it is not ready.</param>
[GenerateSerializer(IncludePrimaryConstructorParameters = false), Alias("grid.ReplicaObservation"), Immutable]
public sealed record ReplicaObservation(
    [property: Id(0)] int Index,
    [property: Id(1)] long Epoch,
    [property: Id(2)] string Revision,
    [property: Id(3)] ReplicaState State,
    [property: Id(4)] ReplicaTarget Target,
    [property: Id(5)] DateTimeOffset? HandOverAt,
    [property: Id(6)] bool Evacuate,
    [property: Id(7)] DateTimeOffset? EvacuateBy,
    [property: Id(8)] bool Force,
    [property: Id(9)] int Streams,
    [property: Id(10)] int Room,
    [property: Id(11)] string? Reason);
