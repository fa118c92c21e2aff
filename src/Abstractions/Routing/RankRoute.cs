namespace Grid.Abstractions.Routing;

/// <summary>A rank that may take requests.</summary>
/// <param name="Epoch">The epoch that requests carry; the silo answers 409 to another.</param>
/// <param name="Node">The node of its first shard.</param>
/// <param name="Url">Base URL of the silo.</param>
/// <param name="Accepting">Whether it takes new requests; otherwise it only completes those that run.</param>
/// <param name="Numerics">Its numerics; resumes prefer equal ones.</param>
/// <param name="Revision">The revision of the model that it serves.</param>
/// <param name="Running">The number of running requests at the last report.</param>
/// <param name="Waiting">The number of waiting requests at the last report.</param>
/// <param name="QueuedTokens">The number of waiting tokens at the last report.</param>
/// <param name="KVUsage">The share of the KV cache in use at the last report.</param>
/// <param name="KVTokens">The number of tokens that its KV cache holds.</param>
/// <param name="MaxNumSeqs">The maximum number of requests that run at once.</param>
/// <param name="MaxModelLen">The maximum number of tokens of prompt and output together.</param>
[GenerateSerializer(IncludePrimaryConstructorParameters = false), Alias("grid.RankRoute"), Immutable]
public sealed record RankRoute(
    [property: Id(0)] RankId Id,
    [property: Id(1)] long Epoch,
    [property: Id(2)] string Node,
    [property: Id(3)] string Url,
    [property: Id(4)] bool Accepting,
    [property: Id(5)] string Numerics,
    [property: Id(6)] string Revision,
    [property: Id(7)] int Running,
    [property: Id(8)] int Waiting,
    [property: Id(9)] long QueuedTokens,
    [property: Id(10)] double KVUsage,
    [property: Id(11)] long KVTokens,
    [property: Id(12)] int MaxNumSeqs,
    [property: Id(13)] int MaxModelLen);
