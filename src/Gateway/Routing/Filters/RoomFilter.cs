namespace Grid.Gateway.Routing.Filters;

/// <summary>Ranks with room: one batch may wait behind the one that runs, so that the rank never idles for want of a report. The rest waits here, where it can still go elsewhere.</summary>
internal sealed class RoomFilter : IRankFilter
{
    private const int Batches = 2;

    public bool Allows(RankState rank, RouteQuery query) =>
        query.IsResume || rank.Load.Requests < Batches * Math.Max(1, rank.Route.MaxNumSeqs);
}
