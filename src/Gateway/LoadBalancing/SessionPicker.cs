using Grid.Gateway.Ranks;

namespace Grid.Gateway.LoadBalancing;

/// <summary>Picks the home of the session, whatever the load; the lowest score for a request without a session.</summary>
internal sealed class SessionPicker(IRankPicker otherwise) : IRankPicker
{
    public int Pick(ReadOnlySpan<RankState> ranks, ReadOnlySpan<double> scores, RouteQuery query) =>
        query.Session is { } session ? RendezvousHash.IndexOf(session, ranks) : otherwise.Pick(ranks, scores, query);
}
