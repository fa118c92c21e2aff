namespace Grid.Gateway.Routing.Filters;

/// <summary>Ranks that take requests, as far as the table and this gateway know.</summary>
internal sealed class ReadyFilter : IRankFilter
{
    public bool Allows(RankState rank, RouteQuery query) => rank.Route.Accepting && !rank.Health.IsSuspect;
}
