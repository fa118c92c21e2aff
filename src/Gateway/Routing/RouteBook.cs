using System.Collections.Frozen;
using Grid.Abstractions.Routing;

namespace Grid.Gateway.Routing;

/// <summary>The table in force, and the ranks' states, which outlive it.</summary>
internal sealed class RouteBook(TimeProvider timeProvider, Random random)
{
    private readonly Lock _gate = new();
    private volatile RouteSnapshot? _current;

    /// <summary>Null before the first table.</summary>
    public RouteSnapshot? Current => _current;

    public ModelRanks? Find(string model) => _current?.Models.GetValueOrDefault(model);

    public void Update(RoutingTable table)
    {
        lock (_gate)
        {
            var known = _current?.Models.Values.SelectMany(model => model.Ranks).Distinct().ToDictionary(rank => (rank.Id, rank.Route.Epoch)) ?? [];
            var models = new Dictionary<string, ModelRanks>(StringComparer.Ordinal);
            foreach (var route in table.Models)
            {
                var ranks = new ModelRanks(route, [.. route.Ranks.Select(rank => StateOf(rank, known))]);
                foreach (var name in route.Aliases.Prepend(route.Name)) models.TryAdd(name, ranks);
            }

            var policy = _current?.Policy is { } current && current.Name == table.Gateway.Routing ? current : RoutingPolicies.Create(table.Gateway.Routing, random);
            _current = new RouteSnapshot(table, models.ToFrozenDictionary(StringComparer.Ordinal), policy);
        }
    }

    /// <summary>A connection to a rank broke or stalled: nothing is sent to its process for a while, or one death would be met again at its other ranks.</summary>
    public void Lost(RankState rank)
    {
        rank.Health.Lost();
        foreach (var model in _current?.Models.Values ?? [])
            foreach (var other in model.Ranks)
                if (other != rank && other.Route.Url == rank.Route.Url) other.Health.Lost();
    }

    private RankState StateOf(RankRoute route, Dictionary<(RankId, long), RankState> known)
    {
        // A rank that was placed anew under its epoch is another process, which has cached nothing and was never lost.
        if (!known.TryGetValue((route.Id, route.Epoch), out var state) || state.Route.Url != route.Url) return new RankState(route, timeProvider);
        state.Update(route);
        return state;
    }
}
