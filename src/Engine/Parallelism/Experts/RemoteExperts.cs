namespace Grid.Engine.Parallelism.Experts;

/// <summary>Expert shards that stand elsewhere: each is an <see cref="ExpertShardHost"/>.</summary>
/// <param name="Epoch">Of the plan; frames of another are refused.</param>
/// <param name="Nodes">One a shard: its node, for errors.</param>
/// <param name="Endpoints">One a shard: where it is reached, in the words of the transport. Another text is another incarnation of the shard.</param>
/// <param name="Connect">Opens a link to an endpoint, without a read timeout; throws <see cref="IOException"/>.</param>
/// <param name="Lost">Told once of each loss: the shard's number, its endpoint, and why its link is broken or cannot be made. It is dialled on until its endpoint changes.</param>
/// <param name="Found">Told when a shard that was lost answers again.</param>
/// <param name="IsHere">Whether an endpoint is in this process: it is not dialled but attached (<see cref="Loading.ExpertShards.Attach"/>); null: none is.</param>
public sealed record RemoteExperts(
    long Epoch,
    IReadOnlyList<string> Nodes,
    IReadOnlyList<string> Endpoints,
    Func<string, Stream> Connect,
    Action<int, string, string>? Lost = null,
    Action<int, string>? Found = null,
    Func<string, bool>? IsHere = null);
