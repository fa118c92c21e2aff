using Grid.Gateway.Ranks;

namespace Grid.Gateway.LoadBalancing;

/// <summary>Picks one of the scored ranks.</summary>
internal interface IRankPicker
{
    /// <summary>Index of the picked rank; there is at least one, and they are sorted by id.</summary>
    int Pick(ReadOnlySpan<RankState> ranks, ReadOnlySpan<double> scores, RouteQuery query);
}
