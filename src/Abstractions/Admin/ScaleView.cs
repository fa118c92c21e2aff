namespace Grid.Abstractions.Admin;

/// <summary>Replicas of a model.</summary>
/// <param name="Model">The model.</param>
/// <param name="Replicas">Wanted.</param>
/// <param name="Ready">Of them.</param>
public sealed record ScaleView(string Model, int Replicas, int Ready);
