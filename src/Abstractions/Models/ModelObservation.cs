using Grid.Abstractions.Configuration;

namespace Grid.Abstractions.Models;

/// <summary>Grid to model: the specification and all that is known.</summary>
/// <param name="Model">Its name.</param>
/// <param name="Spec">Null: it was deleted.</param>
/// <param name="ConfigVersion">Where the specification comes from.</param>
/// <param name="ScaleOverride">grid scale; null: none.</param>
/// <param name="Revision">Wanted; null until a node has looked at the files.</param>
/// <param name="Replicas">All that are not stopped.</param>
/// <param name="Load">Now.</param>
/// <param name="PlacementFailure">Why the last wish found no place; null: it did.</param>
/// <param name="Sequence">Rises; answers to older ones are dropped.</param>
/// <param name="FilesFault">What the nodes found at the source where none of them can serve it; null: some can, or not all have looked.</param>
[GenerateSerializer, Immutable]
public sealed record ModelObservation(
    string Model,
    ModelSpec? Spec,
    long ConfigVersion,
    int? ScaleOverride,
    string? Revision,
    ReplicaObservation[] Replicas,
    ModelLoad Load,
    string? PlacementFailure,
    long Sequence,
    string? FilesFault = null);
