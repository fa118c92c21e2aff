namespace Grid.Abstractions.Admin;

/// <summary>The store in GridStatus.</summary>
/// <param name="Kind">embedded or redis.</param>
/// <param name="State">Healthy or Unavailable.</param>
[GenerateSerializer(IncludePrimaryConstructorParameters = false), Alias("grid.StoreView"), Immutable]
public sealed record StoreView(
    [property: Id(0)] string Kind,
    [property: Id(1)] string State);
