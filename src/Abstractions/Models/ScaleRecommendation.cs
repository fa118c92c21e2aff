namespace Grid.Abstractions.Models;

/// <summary>Model to grid: how many replicas the load asks for, and the windows behind that number.</summary>
/// <param name="Model">The name of the model, as it is served.</param>
/// <param name="Windows">The autoscaler's windows after the last look.</param>
/// <param name="At">When the model looked at its load; the grid drops answers that are older than the one it has.</param>
[GenerateSerializer(IncludePrimaryConstructorParameters = false), Alias("grid.ScaleRecommendation"), Immutable]
public sealed record ScaleRecommendation(
    [property: Id(0)] string Model,
    [property: Id(1)] AutoscaleWindows Windows,
    [property: Id(2)] DateTimeOffset At);
