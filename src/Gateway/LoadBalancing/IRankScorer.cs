using Grid.Gateway.Ranks;

namespace Grid.Gateway.LoadBalancing;

/// <summary>Scores what a request costs at a rank, in tokens of work before its first token.</summary>
internal interface IRankScorer
{
    /// <summary>Adds to the scores, of which each rank has one.</summary>
    void Score(ReadOnlySpan<RankState> ranks, Span<double> scores, RouteQuery query);
}
