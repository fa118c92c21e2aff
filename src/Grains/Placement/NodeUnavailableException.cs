namespace Grid.Grains.Placement;

/// <summary>The node that a grain belongs on cannot take it.</summary>
/// <param name="message">What is missing, as a sentence for people.</param>
[GenerateSerializer, Alias("grid.NodeUnavailableException")]
internal sealed class NodeUnavailableException(string message) : OrleansException(message);
