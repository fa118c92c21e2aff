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
[GenerateSerializer(IncludePrimaryConstructorParameters = false), Alias("grid.ModelObservation"), Immutable]
public sealed record ModelObservation(
    [property: Id(0)] string Model,
    [property: Id(1)] ModelSpec? Spec,
    [property: Id(2)] long ConfigVersion,
    [property: Id(3)] int? ScaleOverride,
    [property: Id(4)] string? Revision,
    [property: Id(5)] ReplicaObservation[] Replicas,
    [property: Id(6)] ModelLoad Load,
    [property: Id(7)] string? PlacementFailure,
    [property: Id(8)] long Sequence,
    [property: Id(9)] string? FilesFault = null);
