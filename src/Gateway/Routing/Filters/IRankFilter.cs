namespace Grid.Gateway.Routing.Filters;

/// <summary>Says which ranks come into question.</summary>
internal interface IRankFilter
{
    bool Allows(RankState rank, RouteQuery query);
}
