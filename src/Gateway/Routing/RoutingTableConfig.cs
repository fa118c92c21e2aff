using Grid.Abstractions.Configuration;
using Grid.Abstractions.Routing;
using Grid.Gateway.LoadBalancing;
using Grid.Gateway.Ranks;
using Microsoft.Extensions.Primitives;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Forwarder;

namespace Grid.Gateway.Routing;

/// <summary>
/// YARP's configuration out of the routing table: a cluster for each model, a destination for each rank. It changes when ranks come and go,
/// or the gateway's settings do; a table that brings only other loads changes nothing here.
/// </summary>
internal sealed class RoutingTableConfig(ILogger<RoutingTableConfig> logger) : IProxyConfigProvider, IDisposable
{
    /// <summary>Metadata of a destination: the rank's id.</summary>
    public const string RankKey = "rank";

    /// <summary>Metadata of a destination: the replica's id.</summary>
    public const string ReplicaKey = "replica";

    /// <summary>Metadata of a destination: the rank's epoch.</summary>
    public const string EpochKey = "epoch";

    private static readonly HealthCheckConfig HealthCheck = new()
    {
        AvailableDestinationsPolicy = RankAvailabilityPolicy.PolicyName,
        Passive = new PassiveHealthCheckConfig { Enabled = true, Policy = RankHealthPolicy.PolicyName },
    };

    private volatile Snapshot _current = new([ProxyRoutes.Unassigned]);
    private string? _unknownPolicy;

    /// <summary>The id of a model's cluster. It has a hash, since YARP ignores case in ids and models do not.</summary>
    public static string ClusterIdOf(ModelRoute route) => $"{route.Name}#{RouteHash.Of(route.Name):x16}";

    public IProxyConfig GetConfig() => _current;

    /// <inheritdoc/>
    public void Dispose() => _current.Dispose();

    /// <summary>Takes a table.</summary>
    /// <returns>Whether the configuration changed; YARP has then applied it.</returns>
    public bool Update(RoutingTable table)
    {
        var policy = PolicyOf(table.Gateway);
        var stallTimeout = (table.Gateway.Resume ?? ResumeSpec.Default).StallTimeout;
        var known = _current.Clusters.ToDictionary(cluster => cluster.ClusterId, StringComparer.Ordinal);
        var clusters = new List<ClusterConfig> { ProxyRoutes.Unassigned };
        foreach (var model in table.Models)
        {
            var old = known.GetValueOrDefault(ClusterIdOf(model));
            clusters.Add(old is not null && IsSame(old, model, policy, stallTimeout) ? old : Cluster(model, policy, stallTimeout));
        }

        var current = _current;
        if (current.Clusters.SequenceEqual(clusters, ReferenceEqualityComparer.Instance)) return false;
        _current = new Snapshot(clusters);
        current.Supersede();
        return true;
    }

    private static bool IsSame(ClusterConfig cluster, ModelRoute model, string policy, TimeSpan stallTimeout) =>
        cluster.LoadBalancingPolicy == policy
        && cluster.HttpRequest!.ActivityTimeout == stallTimeout
        && cluster.Destinations!.Count == model.Ranks.Length
        && model.Ranks.All(rank => cluster.Destinations.ContainsKey(RankDestinations.IdOf(rank)));

    private static ClusterConfig Cluster(ModelRoute model, string policy, TimeSpan stallTimeout)
    {
        var destinations = new Dictionary<string, DestinationConfig>(StringComparer.Ordinal);
        foreach (var rank in model.Ranks) destinations[RankDestinations.IdOf(rank)] = Destination(rank);
        return new ClusterConfig
        {
            ClusterId = ClusterIdOf(model),
            LoadBalancingPolicy = policy,
            HealthCheck = HealthCheck,
            // What a silo sends in between counts as activity: a side route times out as a stream stalls.
            HttpRequest = new ForwarderRequestConfig { ActivityTimeout = stallTimeout, Version = System.Net.HttpVersion.Version11 },
            Destinations = destinations,
        };
    }

    private static DestinationConfig Destination(RankRoute rank) => new()
    {
        Address = rank.Url.TrimEnd('/'),
        Metadata = new Dictionary<string, string>
        {
            [RankKey] = rank.Id.ToString(),
            [ReplicaKey] = rank.Id.Replica.ToString(),
            [EpochKey] = rank.Epoch.ToString(System.Globalization.CultureInfo.InvariantCulture),
        },
    };

    private string PolicyOf(GatewaySpec gateway)
    {
        if (RoutingPolicies.IsKnown(gateway.Routing)) return gateway.Routing;
        // A newer grid may know more policies than this gateway.
        if (_unknownPolicy != gateway.Routing) logger.UnknownRoutingPolicy(gateway.Routing, RoutingPolicies.Default);
        _unknownPolicy = gateway.Routing;
        return RoutingPolicies.Default;
    }

    private sealed class Snapshot : IProxyConfig, IDisposable
    {
        private readonly CancellationTokenSource _change = new();

        public Snapshot(IReadOnlyList<ClusterConfig> clusters) =>
            (Clusters, ChangeToken) = (clusters, new CancellationChangeToken(_change.Token));

        public IReadOnlyList<RouteConfig> Routes => ProxyRoutes.All;

        public IReadOnlyList<ClusterConfig> Clusters { get; }

        public IChangeToken ChangeToken { get; }

        /// <summary>Signals that there is a newer one.</summary>
        public void Supersede()
        {
            _change.Cancel();
            _change.Dispose();
        }

        public void Dispose() => _change.Dispose();
    }
}
