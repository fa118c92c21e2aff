namespace Grid.Cli.Operators.Rollouts;

/// <summary>A configuration that changed a model.</summary>
/// <param name="Version">The version of the configuration.</param>
/// <param name="Time">The time, in UTC.</param>
/// <param name="Actor">The name of the admin who sent it.</param>
/// <param name="Change">What the version changed, as a sentence for people.</param>
internal sealed record ModelHistoryEntry(long Version, DateTimeOffset Time, string Actor, string Change);
