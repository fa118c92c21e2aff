namespace Grid.Engine.Parallelism.DataPlane;

/// <summary>The shards of one rank that stands on several nodes: each runs a <see cref="ShardSession"/> and waits for this driver.</summary>
/// <param name="Epoch">Of the plan; frames of another are refused.</param>
/// <param name="Nodes">One a shard, tensor fastest: its node, for errors.</param>
/// <param name="Endpoints">One a shard: where its peers reach it, in the words of their transport.</param>
/// <param name="Connect">Opens the driver's link to a shard; it has no read timeout.</param>
/// <param name="Stop">Closes these links at once: a shard that stands still would hold up its load, which has no deadline.</param>
public sealed record RemoteShards(long Epoch, IReadOnlyList<string> Nodes, IReadOnlyList<string> Endpoints, Func<int, Stream> Connect, CancellationToken Stop = default);
