using Grid.Gateway.Ranks;

namespace Grid.Gateway.LoadBalancing;

/// <summary>Requests of one session prefer one rank, as long as it has not much more to do than others.</summary>
internal sealed class SessionScorer : IRankScorer
{
    private const double Bonus = 2048;

    public void Score(ReadOnlySpan<RankState> ranks, Span<double> scores, RouteQuery query)
    {
        if (query.Session is { } session) scores[RendezvousHash.IndexOf(session, ranks)] -= Bonus;
    }
}
