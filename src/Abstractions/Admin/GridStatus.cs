namespace Grid.Abstractions.Admin;

/// <summary>The whole of it (interfaces.md section 5).</summary>
/// <param name="Name">Of the grid.</param>
/// <param name="ConfigVersion">Accepted.</param>
/// <param name="ObservedVersion">Reached by all models.</param>
/// <param name="Store">The store.</param>
/// <param name="Nodes">Counts.</param>
/// <param name="Gateways">By name.</param>
/// <param name="Models">By name.</param>
/// <param name="Operations">Running ones and the latest ended.</param>
[GenerateSerializer, Immutable]
public sealed record GridStatus(
    string Name,
    long ConfigVersion,
    long ObservedVersion,
    StoreView Store,
    NodeCounts Nodes,
    GatewayView[] Gateways,
    ModelView[] Models,
    OperationView[] Operations);
