namespace Grid.Grains.Placement;

/// <summary>An activation stands on the node that its key names, and nowhere else.</summary>
[GenerateSerializer, Alias("grid.NodePlacement"), Immutable]
internal sealed class NodePlacement : PlacementStrategy
{
    public static NodePlacement Instance { get; } = new();

    /// <summary>The key says where it is, so there is nothing to register, to lose, or to drop when another silo leaves.</summary>
    public override bool IsUsingGrainDirectory => false;
}
