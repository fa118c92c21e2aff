using Grid.Abstractions.Routing;
using Grid.Gateway.Ranks;
using Yarp.ReverseProxy;
using Yarp.ReverseProxy.Health;
using Yarp.ReverseProxy.Model;

namespace Grid.Gateway.Routing;

/// <summary>The table in force, in YARP's state and beside it.</summary>
internal sealed class RoutingState(
    RoutingTableConfig config, RankDestinations ranks, IProxyStateLookup proxy, IDestinationHealthUpdater health)
{
    private readonly Lock _gate = new();
    private volatile RoutingSnapshot? _current;

    /// <summary>Null before the first table.</summary>
    public RoutingSnapshot? Current => _current;

    /// <summary>The table in force.</summary>
    /// <exception cref="ApiException">There is none yet (503).</exception>
    public RoutingSnapshot Required => _current
        ?? throw new ApiException(StatusCodes.Status503ServiceUnavailable, "The gateway has no routing table yet.",
        code: "no_ready_replica");

    /// <summary>The ranks of the table in force.</summary>
    public IEnumerable<RankState> Ranks => ranks.Bound.Select(bound => bound.Rank);

    /// <summary>A model by its name or an alias.</summary>
    /// <exception cref="ApiException">There is no such model (404), or no table yet (503).</exception>
    public RoutedModel Require(string name) => Required.Models.GetValueOrDefault(name) ?? throw NoModel(name);

    /// <summary>The cluster of a model; null where there is none.</summary>
    public ClusterState? ClusterOf(string name) =>
        _current is { } current && current.Models.TryGetValue(name, out var model) && proxy.TryGetCluster(model.ClusterId, out var cluster)
            ? cluster
            : null;

    /// <summary>Puts a table in force.</summary>
    public void Update(RoutingTable table)
    {
        lock (_gate)
        {
            ranks.Update(table);
            if (config.Update(table)) ranks.Bind(proxy.GetClusters());
            SetActiveHealth();
            _current = new RoutingSnapshot(table);
        }
    }

    /// <summary>404 for a name that is no model.</summary>
    public static ApiException NoModel(string name) => new(
        StatusCodes.Status404NotFound,
        $"The model '{(name.Length <= 128 ? name : name[..128] + "...")}' does not exist.",
        "model",
        "model_not_found");

    private void SetActiveHealth()
    {
        foreach (var cluster in ranks.Bound.Where(IsOutdated).GroupBy(bound => bound.Cluster))
            health.SetActive(cluster.Key,
                [.. cluster.Select(bound => new NewActiveDestinationHealth(bound.Destination, ActiveHealthOf(bound.Rank)))]);
    }

    private static bool IsOutdated(RankDestinations.Binding bound) => bound.Destination.Health.Active != ActiveHealthOf(bound.Rank);

    private static DestinationHealth ActiveHealthOf(RankState rank) =>
        rank.Route.Accepting ? DestinationHealth.Healthy : DestinationHealth.Unhealthy;
}
