namespace Grid.Engine.Parallelism.Experts;

/// <summary>Where the expert shards of a replica are reached.</summary>
/// <param name="Nodes">The shards' nodes in the order of their numbers, for errors.</param>
/// <param name="Endpoints">The shards' addresses in the order of their numbers, in the format of the transport.</param>
internal sealed record ExpertEndpoints(string[] Nodes, string[] Endpoints);
