using Grid.Abstractions.Nodes;

namespace Grid.Grains.Placement;

/// <summary>What placement compares of silos.</summary>
internal sealed class NodePlacementOptions
{
    /// <summary>The key of the wire contract in a silo's metadata.</summary>
    public const string WireKey = "grid.wire";

    /// <summary>This silo's wire contract, MAJOR.MINOR.</summary>
    public string Wire { get; set; } = WireContract.Version;
}
