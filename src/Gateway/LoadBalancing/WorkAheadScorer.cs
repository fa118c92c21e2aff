using Grid.Gateway.Ranks;

namespace Grid.Gateway.LoadBalancing;

/// <summary>Scores the work that a rank has ahead of the request.</summary>
internal sealed class WorkAheadScorer : IRankScorer
{
    /// <summary>Cost of a running request over its life, in prompt tokens.</summary>
    public const double TokensPerRequest = 32;

    /// <summary>Cost of each request ahead beyond the maximum that the rank runs at once, in prompt tokens.</summary>
    public const double TokensPerMissingSeat = 4096;

    // Beyond this usage requests are preempted and computed again.
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
