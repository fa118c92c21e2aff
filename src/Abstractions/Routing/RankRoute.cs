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
[GenerateSerializer, Immutable]
public sealed record RankRoute(
    string Id,
    long Epoch,
    string Node,
    string Url,
    bool Accepting,
    string Numerics,
    string Revision,
    int Running,
    int Waiting,
    long QueuedTokens,
    double KVUsage,
    long KVTokens,
    int MaxNumSeqs,
    int MaxModelLen);
