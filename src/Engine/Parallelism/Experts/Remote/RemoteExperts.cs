namespace Grid.Engine.Parallelism.Experts.Remote;

/// <summary>The expert shards of a replica outside this process. Each is an <see cref="ExpertShardHost"/>.</summary>
/// <param name="Epoch">The epoch of the plan; frames of another are refused.</param>
/// <param name="Nodes">The shards' nodes in the order of their numbers, for errors.</param>
/// <param name="Endpoints">
/// The shards' addresses in the order of their numbers, in the format of the transport. Another address is another incarnation of the
/// shard.
/// </param>
/// <param name="Connect">Opens a link to an endpoint, without a read timeout. Throws <see cref="IOException"/>.</param>
/// <param name="Lost">
/// Called once for each loss with the shard's number, its endpoint, and why its link is broken or cannot be established. Connecting goes on
/// until the endpoint changes.
/// </param>
/// <param name="Found">Called when a lost shard answers again.</param>
/// <param name="IsHere">
/// Whether an endpoint is in this process: such a shard gets no link but is attached. Null: none is.
/// </param>
public sealed record RemoteExperts(
    long Epoch,
    IReadOnlyList<string> Nodes,
    IReadOnlyList<string> Endpoints,
    Func<string, Stream> Connect,
    Action<int, string, string>? Lost = null,
    Action<int, string>? Found = null,
    Func<string, bool>? IsHere = null);
