namespace Grid.Abstractions.Models;

/// <summary>What the autoscaler remembers of a model between two observations of its load.</summary>
/// <param name="Desired">The number of replicas that the model should have.</param>
/// <param name="Since">The first look, or the last change of <paramref name="Desired"/>.</param>
/// <param name="AboveSince">Since when more replicas have been needed without a break; null while no more are needed.</param>
/// <param name="BelowSince">Since when fewer replicas would have been enough without a break; null while all are needed.</param>
/// <param name="Peak">The most replicas that were needed since <paramref name="BelowSince"/>.</param>
[GenerateSerializer(IncludePrimaryConstructorParameters = false), Alias("grid.AutoscaleWindows"), Immutable]
public sealed record AutoscaleWindows(
    [property: Id(0)] int Desired,
    [property: Id(1)] DateTimeOffset Since,
    [property: Id(2)] DateTimeOffset? AboveSince = null,
    [property: Id(3)] DateTimeOffset? BelowSince = null,
    [property: Id(4)] int Peak = 0);
