using Grid.Gateway.Ranks;

namespace Grid.Gateway.LoadBalancing;

/// <summary>Says what a request costs at a rank, in tokens of work before its first token.</summary>
internal interface IRankScorer
{
    /// <summary>Adds to the scores, one a rank.</summary>
    void Score(ReadOnlySpan<RankState> ranks, Span<double> scores, RouteQuery query);
}
