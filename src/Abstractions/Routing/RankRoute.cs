namespace Grid.Abstractions.Routing;

/// <summary>A rank that may take requests.</summary>
/// <param name="Id">smollm2/r0/dp0.</param>
/// <param name="Epoch">Requests carry it; the silo answers 409 to another.</param>
/// <param name="Node">Its node.</param>
/// <param name="Url">Base URL of the silo.</param>
/// <param name="Accepting">False: only streams that run; no new request.</param>
/// <param name="Numerics">Resumes prefer equal ones.</param>
/// <param name="Revision">Of the model's files.</param>
/// <param name="Running">At the last report.</param>
/// <param name="Waiting">At the last report.</param>
/// <param name="QueuedTokens">At the last report.</param>
/// <param name="KVUsage">At the last report.</param>
/// <param name="KVTokens">Size of its KV cache.</param>
/// <param name="MaxNumSeqs">Requests that run at once.</param>
/// <param name="MaxModelLen">Tokens of prompt and output together.</param>
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
