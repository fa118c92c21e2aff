namespace Grid.Engine.Parallelism.Experts.Processes;

/// <summary>What an expert shard in a process of its own is to load. Sent as JSON.</summary>
/// <param name="Options">The whole replica's.</param>
/// <param name="Number">3 of ep3.</param>
/// <param name="Endpoint">Where it is to listen for ranks.</param>
internal sealed record ExpertOrder(EngineOptions Options, int Number, string Endpoint);
