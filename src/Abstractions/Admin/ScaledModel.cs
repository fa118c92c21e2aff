namespace Grid.Abstractions.Admin;

/// <summary>A model whose number of replicas differs from the file's.</summary>
/// <param name="Name">The name of the model.</param>
/// <param name="Replicas">The number in the file.</param>
/// <param name="Scaled">The number set by grid scale; it holds until the file changes the model.</param>
public sealed record ScaledModel(string Name, int Replicas, int Scaled);
