using Grid.Gateway.Ranks;

namespace Grid.Gateway.LoadBalancing;

/// <summary>The home of the session, whatever the load; the lowest score for a request without one.</summary>
internal sealed class SessionPicker(IRankPicker otherwise) : IRankPicker
{
    public int Pick(ReadOnlySpan<RankState> ranks, ReadOnlySpan<double> scores, RouteQuery query) =>
        query.Session is { } session ? RendezvousHash.IndexOf(session, ranks) : otherwise.Pick(ranks, scores, query);
}
