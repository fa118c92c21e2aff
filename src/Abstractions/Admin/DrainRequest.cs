namespace Grid.Abstractions.Admin;

/// <summary>Body of POST .../drain.</summary>
/// <param name="TimeoutSeconds">Hand-over deadline; null: each model's drainTimeout.</param>
/// <param name="Force">Even below minAvailable.</param>
/// <param name="DryRun">Only tell.</param>
[GenerateSerializer, Immutable]
public sealed record DrainRequest(
    int? TimeoutSeconds,
    bool Force,
    bool DryRun);
