namespace Grid.Engine.Serving;

/// <summary>What an engine is called in metrics, logs and among threads.</summary>
/// <param name="ModelName">The name that requests use for the model.</param>
/// <param name="Engine">Index of the data-parallel rank.</param>
internal sealed record EngineIdentity(string ModelName, int Engine);
