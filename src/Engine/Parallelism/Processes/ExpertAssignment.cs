namespace Grid.Engine.Parallelism.Processes;

/// <summary>What an expert shard in a process of its own is to load. Sent as JSON.</summary>
/// <param name="Number">The number of the shard.</param>
/// <param name="Endpoint">Where it is to listen for ranks.</param>
internal sealed record ExpertAssignment(EngineOptions Options, int Number, string Endpoint);
