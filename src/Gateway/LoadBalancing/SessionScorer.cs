using Grid.Gateway.Ranks;

namespace Grid.Gateway.LoadBalancing;

/// <summary>Requests of one session prefer one rank, as long as it is not much busier than others.</summary>
internal sealed class SessionScorer : IRankScorer
{
    private const double Bonus = 2048;

    public void Score(ReadOnlySpan<RankState> ranks, Span<double> scores, RouteQuery query)
    {
        if (query.Session is { } session) scores[RendezvousHash.IndexOf(session, ranks)] -= Bonus;
    }
}
