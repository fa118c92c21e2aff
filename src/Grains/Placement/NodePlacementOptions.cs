using Grid.Abstractions.Nodes;

namespace Grid.Grains.Placement;

/// <summary>What placement compares silos by.</summary>
internal sealed class NodePlacementOptions
{
    /// <summary>Where a silo's metadata carries its wire contract.</summary>
    public const string WireKey = "grid.wire";

    /// <summary>This silo's wire contract, MAJOR.MINOR.</summary>
    public string Wire { get; set; } = WireContract.Version;
}
