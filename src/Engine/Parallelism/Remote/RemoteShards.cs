namespace Grid.Engine.Parallelism.Remote;

/// <summary>
/// The shards of one rank over several nodes. Each runs a <c>ShardSession</c> and waits for the driver, which is this process.
/// </summary>
/// <param name="Epoch">The epoch of the plan; frames of another are refused.</param>
/// <param name="Nodes">The shards' nodes, tensor index fastest, for errors.</param>
/// <param name="Endpoints">Where the shards' peers reach them, tensor index fastest, in the format of their transport.</param>
/// <param name="Connect">Opens the driver's link to the shard with a number. It must have no read timeout.</param>
/// <param name="Stop">Closes these links at once: a shard that hangs would hold up loading, which has no deadline.</param>
public sealed record RemoteShards(
    long Epoch,
    IReadOnlyList<string> Nodes,
    IReadOnlyList<string> Endpoints,
    Func<int, Stream> Connect,
    CancellationToken Stop = default);
