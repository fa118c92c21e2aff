namespace Grid.Abstractions.Http;

/// <summary>Headers between clients, gateways and silos (docs/reference/interfaces.md sections 3 and 8).</summary>
public static class GridHeaders
{
    /// <summary>On answers: the node that computed them.</summary>
    public const string Node = "X-Grid-Node";

    /// <summary>On answers: the rank that computed them. Gateway to silo: the rank that is meant.</summary>
    public const string Rank = "X-Grid-Rank";

    /// <summary>Gateway to silo: the epoch of the rank that is meant; another one is answered with 409.</summary>
    public const string Epoch = "X-Grid-Epoch";

    /// <summary>
    /// Gateway to silo: number of the attempt, from 0; its presence asks for the event stream of docs/reference/interfaces.md section 8.
    /// </summary>
    public const string Attempt = "X-Grid-Attempt";

    /// <summary>Gateway to silo: the seed of a request that brings none.</summary>
    public const string Seed = "X-Grid-Seed";

    /// <summary>Gateway to silo: <c>created</c> of the answer, seconds since 1970.</summary>
    public const string Created = "X-Grid-Created";

    /// <summary>Gateway to silo: only requests of the same value share cached prefixes; it stands for the client's API key.</summary>
    public const string CacheSalt = "X-Grid-Cache-Salt";

    /// <summary>Gateway to a silo of the same process, whose port other users of the machine reach: a secret of that process.</summary>
    public const string ProcessKey = "X-Grid-Process-Key";

    /// <summary>On a 503 of a silo: another rank may be tried without the client's knowledge.</summary>
    public const string Retry = "X-Grid-Retry";

    /// <summary>On answers of a silo: prompt tokens found in the prefix cache.</summary>
    public const string CachedTokens = "X-Grid-Cached-Tokens";

    /// <summary>From clients: the data-parallel rank that is to answer.</summary>
    public const string DataParallelRank = "X-Data-Parallel-Rank";

    /// <summary>From clients: requests of one session prefer one rank.</summary>
    public const string SessionId = "X-Session-Id";

    /// <summary>Accepted and echoed.</summary>
    public const string RequestId = "X-Request-Id";
}
