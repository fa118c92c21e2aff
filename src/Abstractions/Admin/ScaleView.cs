namespace Grid.Abstractions.Admin;

/// <summary>The number of replicas of a model.</summary>
/// <param name="Model">The name of the model.</param>
/// <param name="Replicas">The number of replicas that is desired.</param>
/// <param name="Ready">How many of them are ready.</param>
public sealed record ScaleView(string Model, int Replicas, int Ready);
