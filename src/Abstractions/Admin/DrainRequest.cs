namespace Grid.Abstractions.Admin;

/// <summary>The body of POST .../drain.</summary>
/// <param name="TimeoutSeconds">Seconds until the hand-over deadline; null for each model's drainTimeout.</param>
/// <param name="Force">Whether to drain even where a model falls below minAvailable.</param>
/// <param name="DryRun">Whether to show only what would happen.</param>
[GenerateSerializer(IncludePrimaryConstructorParameters = false), Alias("grid.DrainRequest"), Immutable]
public sealed record DrainRequest(
    [property: Id(0)] int? TimeoutSeconds,
    [property: Id(1)] bool Force,
    [property: Id(2)] bool DryRun);
