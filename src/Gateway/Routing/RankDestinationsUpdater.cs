using Yarp.ReverseProxy.Health;
using Yarp.ReverseProxy.Model;

namespace Grid.Gateway.Routing;

/// <summary>
/// Lists a cluster's destinations again, from what is configured at that moment. YARP's own updater takes the list of all destinations
/// before its lock: a failure reported while ranks come and go, which is when they fail, would bring the former destinations back for good.
/// </summary>
internal sealed class RankDestinationsUpdater(IEnumerable<IAvailableDestinationsPolicy> policies) : IClusterDestinationsUpdater
{
    private readonly IAvailableDestinationsPolicy _policy = policies.Single(policy => policy.Name == RankAvailabilityPolicy.PolicyName);
    private readonly Lock _gate = new();

    public void UpdateAvailableDestinations(ClusterState cluster) => Update(cluster);

    public void UpdateAllDestinations(ClusterState cluster) => Update(cluster);

    private void Update(ClusterState cluster)
    {
        lock (_gate)
        {
            DestinationState[] all = [.. cluster.Destinations.Values];
            cluster.DestinationsState = new ClusterDestinationsState(all, _policy.GetAvailalableDestinations(cluster.Model.Config, all));
        }
    }
}
