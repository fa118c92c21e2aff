using Grid.Gateway.Ranks;

namespace Grid.Gateway.LoadBalancing;

/// <summary>Picks the ranks in turn.</summary>
internal sealed class RoundRobinPicker : IRankPicker
{
    private uint _next;

    public int Pick(ReadOnlySpan<RankState> ranks, ReadOnlySpan<double> scores, RouteQuery query) =>
        (int)((Interlocked.Increment(ref _next) - 1) % (uint)ranks.Length);
}
