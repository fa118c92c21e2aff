using Grid.Abstractions.Configuration;

namespace Grid.Abstractions.Models;

/// <summary>Grid to model: the load that the autoscaler looks at.</summary>
/// <param name="Model">The name of the model, as it is served.</param>
/// <param name="Spec">Limits and windows of the autoscaler.</param>
/// <param name="Load">The load of the model now.</param>
/// <param name="Ready">The number of replicas that the load was measured on.</param>
/// <param name="Serving">The number of replicas that are to serve: the first look starts from it.</param>
/// <param name="Known">The last recommendation that the grid heard: a new activation continues its windows. Null: none was heard
/// yet.</param>
[GenerateSerializer(IncludePrimaryConstructorParameters = false), Alias("grid.ScaleObservation"), Immutable]
public sealed record ScaleObservation(
    [property: Id(0)] string Model,
    [property: Id(1)] AutoscaleSpec Spec,
    [property: Id(2)] ModelLoad Load,
    [property: Id(3)] int Ready,
    [property: Id(4)] int Serving,
    [property: Id(5)] ScaleRecommendation? Known);
