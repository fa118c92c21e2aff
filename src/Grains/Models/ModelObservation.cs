using Grid.Abstractions.Configuration;

namespace Grid.Grains.Models;

/// <summary>All that is known of a model when its replicas are decided on.</summary>
/// <param name="Model">The name of the model, as it is served.</param>
/// <param name="Spec">The specification; null if the model was deleted.</param>
/// <param name="ScaleOverride">The number of replicas set by hand; null if there is none.</param>
/// <param name="Recommended">The number of replicas that the autoscaler recommends; null until it has recommended one.</param>
/// <param name="Revision">The desired revision; null until a node has inspected the files.</param>
/// <param name="Replicas">All replicas that are not stopped.</param>
/// <param name="PlacementFailure">Why the last decision found no place; null if it found one.</param>
/// <param name="FilesFault">What the nodes found at the source if none of them can serve it; null if some can, or not all have
/// looked.</param>
internal sealed record ModelObservation(
    string Model,
    ModelSpec? Spec,
    int? ScaleOverride,
    int? Recommended,
    string? Revision,
    ReplicaObservation[] Replicas,
    string? PlacementFailure = null,
    string? FilesFault = null);
