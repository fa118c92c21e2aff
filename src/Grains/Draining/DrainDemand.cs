namespace Grid.Grains.Draining;

/// <summary>A node under a plan is being emptied.</summary>
/// <param name="By">Its deadline; null: the model's drainTimeout.</param>
/// <param name="Force">Below minAvailable too.</param>
internal sealed record DrainDemand(DateTimeOffset? By, bool Force);
