namespace Grid.Abstractions.Admin;

/// <summary>Body of POST .../drain.</summary>
/// <param name="TimeoutSeconds">Hand-over deadline; null: each model's drainTimeout.</param>
/// <param name="Force">Even below minAvailable.</param>
/// <param name="DryRun">Only tell.</param>
[GenerateSerializer(IncludePrimaryConstructorParameters = false), Alias("grid.DrainRequest"), Immutable]
public sealed record DrainRequest(
    [property: Id(0)] int? TimeoutSeconds,
    [property: Id(1)] bool Force,
    [property: Id(2)] bool DryRun);
