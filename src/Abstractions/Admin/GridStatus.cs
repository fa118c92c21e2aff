namespace Grid.Abstractions.Admin;

/// <summary>The status of the whole grid (docs/reference/interfaces.md section 5).</summary>
/// <param name="Name">The name of the grid.</param>
/// <param name="ConfigVersion">The version of the accepted configuration.</param>
/// <param name="ObservedVersion">The latest version that all models have reached.</param>
/// <param name="Store">The state of the store.</param>
/// <param name="Nodes">The number of nodes.</param>
/// <param name="Gateways">The gateways, sorted by name.</param>
/// <param name="Models">The models, sorted by name.</param>
/// <param name="Operations">Operations that are running, and the latest ones that have ended.</param>
[GenerateSerializer(IncludePrimaryConstructorParameters = false), Alias("grid.GridStatus"), Immutable]
public sealed record GridStatus(
    [property: Id(0)] string Name,
    [property: Id(1)] long ConfigVersion,
    [property: Id(2)] long ObservedVersion,
    [property: Id(3)] StoreView Store,
    [property: Id(4)] NodeCounts Nodes,
    [property: Id(5)] GatewayView[] Gateways,
    [property: Id(6)] ModelView[] Models,
    [property: Id(7)] OperationView[] Operations);
