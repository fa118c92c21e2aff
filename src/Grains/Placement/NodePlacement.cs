namespace Grid.Grains.Placement;

/// <summary>Places an activation on the node that its key names, and nowhere else.</summary>
[GenerateSerializer, Alias("grid.NodePlacement"), Immutable]
internal sealed class NodePlacement : PlacementStrategy
{
    public static NodePlacement Instance { get; } = new();

    /// <summary>
    /// The key says where the activation is, so nothing has to be registered, and nothing is lost or dropped when another silo leaves.
    /// </summary>
    public override bool IsUsingGrainDirectory => false;
}
