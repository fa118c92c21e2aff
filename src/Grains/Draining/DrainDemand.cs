namespace Grid.Grains.Draining;

/// <summary>A node under a plan is being emptied.</summary>
/// <param name="By">The deadline of the drain; null for the model's drainTimeout.</param>
/// <param name="Force">Whether the model may fall below minAvailable.</param>
internal sealed record DrainDemand(DateTimeOffset? By, bool Force);
