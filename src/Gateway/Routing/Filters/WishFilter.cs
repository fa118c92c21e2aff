namespace Grid.Gateway.Routing.Filters;

/// <summary>Ranks that are what the request asks for: the data-parallel rank, and for a stream that goes on the revision, and the numerics where they must be equal.</summary>
internal sealed class WishFilter : IRankFilter
{
    public bool Allows(RankState rank, RouteQuery query) =>
        (query.DataParallelRank is not { } wanted || rank.DataParallelRank == wanted)
        && (query.Revision is not { } revision || rank.Route.Revision == revision)
        && (!query.IsExact || query.Numerics is not { } numerics || rank.Route.Numerics == numerics);
}
