namespace Grid.Abstractions.Replicas;

/// <summary>Load of one data-parallel attention rank.</summary>
/// <param name="Replica">smollm2/r0.</param>
/// <param name="Epoch">Of its plan.</param>
/// <param name="Rank">N of dpN.</param>
/// <param name="State">As its first shard.</param>
/// <param name="Running">Requests in the running set.</param>
/// <param name="Waiting">Requests in the waiting queue.</param>
/// <param name="QueuedTokens">Tokens that waiting requests still have to be computed.</param>
/// <param name="Streams">HTTP requests in flight.</param>
/// <param name="KVUsage">Share of the KV cache in use.</param>
/// <param name="KVTokens">Size of the KV cache.</param>
/// <param name="MaxConcurrency">Requests of full length at once.</param>
/// <param name="MaxModelLen">Tokens of prompt and output together.</param>
/// <param name="MaxNumSeqs">Requests that run at once.</param>
/// <param name="Numerics">What decides a row's bits.</param>
/// <param name="TtftSeconds">Mean time to first token of the last report period; 0: none.</param>
/// <param name="Stuck">Has work and makes no step.</param>
/// <param name="Waits">What its step has waited for long: operation, step and shard. Null: nothing.</param>
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
