namespace Grid.Abstractions.Replicas;

/// <summary>The load of one data-parallel attention rank.</summary>
/// <param name="Epoch">The epoch of its plan.</param>
/// <param name="Rank">The number of the rank in its replica.</param>
/// <param name="State">The state of its first shard.</param>
/// <param name="Running">The number of requests in the running set.</param>
/// <param name="Waiting">The number of requests in the waiting queue.</param>
/// <param name="QueuedTokens">The number of tokens of waiting requests that are still to be computed.</param>
/// <param name="Streams">The number of HTTP requests in flight.</param>
/// <param name="KVUsage">The share of the KV cache in use, from 0 to 1.</param>
/// <param name="KVTokens">The number of tokens that the KV cache holds.</param>
/// <param name="MaxConcurrency">The number of requests of full length that can run at once.</param>
/// <param name="MaxModelLen">The maximum number of tokens of prompt and output together.</param>
/// <param name="MaxNumSeqs">The maximum number of requests that run at once.</param>
/// <param name="Numerics">What decides the bits of a logit row.</param>
/// <param name="TtftSeconds">The mean time to first token of the last report period; 0 if there was none.</param>
/// <param name="Stuck">Whether it has work and completes no step.</param>
/// <param name="Waits">What its step has been waiting for unusually long: operation, step and shard; null if it has not.</param>
/// <param name="Reserved">Room that is kept for streams which other ranks are about to hand over.</param>
[GenerateSerializer(IncludePrimaryConstructorParameters = false), Alias("grid.RankStatus"), Immutable]
public sealed record RankStatus(
    [property: Id(0)] ReplicaId Replica,
    [property: Id(1)] long Epoch,
    [property: Id(2)] int Rank,
    [property: Id(3)] ShardState State,
    [property: Id(4)] int Running,
    [property: Id(5)] int Waiting,
    [property: Id(6)] long QueuedTokens,
    [property: Id(7)] int Streams,
    [property: Id(8)] double KVUsage,
    [property: Id(9)] long KVTokens,
    [property: Id(10)] double MaxConcurrency,
    [property: Id(11)] int MaxModelLen,
    [property: Id(12)] int MaxNumSeqs,
    [property: Id(13)] string Numerics,
    [property: Id(14)] double TtftSeconds = 0,
    [property: Id(15)] bool Stuck = false,
    [property: Id(16)] string? Waits = null,
    [property: Id(17)] int Reserved = 0)
{
    /// <summary>The rank with its replica.</summary>
    public RankId Id => Replica.Rank(Rank);
}
