namespace Grid.Abstractions.Models;

/// <summary>Model to grid: every replica that is to exist. One that is not named is to be stopped.</summary>
/// <param name="Model">Its name.</param>
/// <param name="Sequence">Of the observation that it answers.</param>
/// <param name="Desired">How many are wanted in the end.</param>
/// <param name="State">Ready, Progressing, Degraded, ScaledToZero or Failed.</param>
/// <param name="Reason">A word for programs.</param>
/// <param name="Message">A sentence for people.</param>
/// <param name="Replicas">Sorted by index.</param>
[GenerateSerializer, Immutable]
public sealed record ModelWish(
    string Model,
    long Sequence,
    int Desired,
    string State,
    string? Reason,
    string? Message,
    ReplicaWish[] Replicas);
