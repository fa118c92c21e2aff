namespace Grid.Abstractions.Admin;

/// <summary>The store in GridStatus.</summary>
/// <param name="Kind">embedded or redis.</param>
/// <param name="State">Healthy or Unavailable.</param>
[GenerateSerializer, Immutable]
public sealed record StoreView(
    string Kind,
    string State);
