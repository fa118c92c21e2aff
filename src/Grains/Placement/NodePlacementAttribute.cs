using Orleans.Placement;

namespace Grid.Grains.Placement;

/// <summary>Places a grain on the node that its key names after the last <c>@</c>.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class NodePlacementAttribute() : PlacementAttribute(NodePlacement.Instance);
