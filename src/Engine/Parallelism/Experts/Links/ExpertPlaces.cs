namespace Grid.Engine.Parallelism.Experts.Links;

/// <summary>Where expert shards stand.</summary>
/// <param name="Nodes">One a shard, for errors.</param>
/// <param name="Endpoints">One a shard, in the words of their transport.</param>
internal sealed record ExpertPlaces(string[] Nodes, string[] Endpoints);
