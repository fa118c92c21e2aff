namespace Grid.Abstractions.Admin;

/// <summary>The store, as the grid's status shows it.</summary>
/// <param name="Kind">Either embedded or redis.</param>
/// <param name="State">Either Healthy or Unavailable.</param>
[GenerateSerializer(IncludePrimaryConstructorParameters = false), Alias("grid.StoreView"), Immutable]
public sealed record StoreView(
    [property: Id(0)] string Kind,
    [property: Id(1)] string State)
{
    /// <summary>The state of a store that accepts changes.</summary>
    public const string Healthy = "Healthy";

    /// <summary>The state of a store that refused or did not answer the last change.</summary>
    public const string Unavailable = "Unavailable";
}
