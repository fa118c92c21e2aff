namespace Grid.Cli.Operators.Rollouts;

/// <summary>A configuration that changed a model.</summary>
/// <param name="Version">The version of the configuration.</param>
/// <param name="Time">UTC.</param>
/// <param name="Actor">The name of the admin who sent it.</param>
/// <param name="Change">What it changed.</param>
internal sealed record ModelHistoryEntry(long Version, DateTimeOffset Time, string Actor, string Change);
