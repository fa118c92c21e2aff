namespace Grid.Grains.Tests.Simulation;

/// <summary>Something that must hold did not.</summary>
public sealed class InvariantException(string message) : Exception(message);
