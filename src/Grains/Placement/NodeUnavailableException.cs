namespace Grid.Grains.Placement;

/// <summary>A grain's node cannot take it.</summary>
/// <param name="message">What was missing.</param>
[GenerateSerializer, Alias("grid.NodeUnavailableException")]
internal sealed class NodeUnavailableException(string message) : OrleansException(message);
