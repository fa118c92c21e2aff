namespace Grid.Abstractions.Models;

/// <summary>Model to grid: every replica that is to exist. One that is not named is to be stopped.</summary>
/// <param name="Model">Its name.</param>
/// <param name="Sequence">Of the observation that it answers.</param>
/// <param name="Desired">How many are wanted in the end.</param>
/// <param name="State">Ready, Progressing, Degraded, ScaledToZero or Failed.</param>
/// <param name="Reason">A word for programs.</param>
/// <param name="Message">A sentence for people.</param>
/// <param name="Replicas">Sorted by index.</param>
[GenerateSerializer(IncludePrimaryConstructorParameters = false), Alias("grid.ModelWish"), Immutable]
public sealed record ModelWish(
    [property: Id(0)] string Model,
    [property: Id(1)] long Sequence,
    [property: Id(2)] int Desired,
    [property: Id(3)] string State,
    [property: Id(4)] string? Reason,
    [property: Id(5)] string? Message,
    [property: Id(6)] ReplicaWish[] Replicas);
