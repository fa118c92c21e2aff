namespace Grid.Abstractions.Admin;

/// <summary>The whole of it (docs/reference/interfaces.md section 5).</summary>
/// <param name="Name">Of the grid.</param>
/// <param name="ConfigVersion">Accepted.</param>
/// <param name="ObservedVersion">Reached by all models.</param>
/// <param name="Store">The store.</param>
/// <param name="Nodes">Counts.</param>
/// <param name="Gateways">By name.</param>
/// <param name="Models">By name.</param>
/// <param name="Operations">Running ones and the latest ended.</param>
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
