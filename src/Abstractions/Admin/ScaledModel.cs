namespace Grid.Abstractions.Admin;

/// <summary>A model whose number of replicas is not the file's.</summary>
/// <param name="Name">The model.</param>
/// <param name="Replicas">In the file.</param>
/// <param name="Scaled">As scaled; it holds until the file changes the model.</param>
public sealed record ScaledModel(string Name, int Replicas, int Scaled);
