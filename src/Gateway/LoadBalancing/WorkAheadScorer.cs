using Grid.Gateway.Ranks;

namespace Grid.Gateway.LoadBalancing;

/// <summary>The work that a rank has before it comes to the request.</summary>
internal sealed class WorkAheadScorer : IRankScorer
{
    /// <summary>What a request that runs takes from a step, over its life, in prompt tokens.</summary>
    public const double TokensPerRequest = 32;

    /// <summary>What waiting for one of the rank's seats costs, for each request that is ahead.</summary>
    public const double TokensPerMissingSeat = 4096;

    // From here on requests are preempted and computed again.
    private const double FullKV = 0.9;

    public void Score(ReadOnlySpan<RankState> ranks, Span<double> scores, RouteQuery query)
    {
        for (var i = 0; i < ranks.Length; i++)
        {
            var (requests, tokens) = ranks[i].Load;
            var route = ranks[i].Route;
            scores[i] += tokens + (TokensPerRequest * requests)
                + (TokensPerMissingSeat * Math.Max(0, requests + 1 - Math.Max(1, route.MaxNumSeqs)))
                + (route.KVTokens * Math.Max(0, route.KVUsage - FullKV));
        }
    }
}
