using Grid.Gateway.Ranks;
using Yarp.ReverseProxy.Health;
using Yarp.ReverseProxy.Model;

namespace Grid.Gateway.Routing;

/// <summary>Turns what attempts met at a rank into the passive health of its destination.</summary>
internal sealed class RankHealthPolicy(RankDestinations ranks, IDestinationHealthUpdater health) : IPassiveHealthCheckPolicy
{
    public const string PolicyName = "Grid";

    public string Name => PolicyName;

    /// <summary>A rank has answered: its earlier failures are forgotten at once, long before a stream ends.</summary>
    public void Succeeded(ClusterState cluster, DestinationState destination)
    {
        ranks.Of(destination).Health.Succeeded();
        if (destination.Health.Passive != DestinationHealth.Unhealthy) return;
        health.SetPassive(cluster, destination, DestinationHealth.Healthy, TimeSpan.Zero);
    }

    public void RequestProxied(HttpContext context, ClusterState cluster, DestinationState destination) =>
        Take(RoutedRequest.Of(context).Result, cluster, destination);

    /// <summary>An attempt has ended.</summary>
    public void Take(AttemptResult result, ClusterState cluster, DestinationState destination)
    {
        var rank = ranks.Of(destination);
        switch (result)
        {
            case AttemptResult.Broken or AttemptResult.Stalled:
                Lost(rank, cluster, destination);
                // Nothing is sent to the rest of its process either, or one death would be met again at each of its ranks.
                foreach (var other in ranks.Bound)
                    if (other.Rank != rank && other.Rank.Route.Url == rank.Route.Url) Lost(other.Rank, other.Cluster, other.Destination);
                break;
            case AttemptResult.Refused or AttemptResult.HandedOver:
                health.SetPassive(cluster, destination, DestinationHealth.Unhealthy, RankHealth.RefusalPeriod);
                break;
            case AttemptResult.Failed when rank.Health.Failed() is { } period:
                health.SetPassive(cluster, destination, DestinationHealth.Unhealthy, period);
                break;
        }
    }

    // Several streams may meet one loss.
    private void Lost(RankState rank, ClusterState cluster, DestinationState destination)
    {
        if (destination.Health.Passive == DestinationHealth.Unhealthy) return;
        health.SetPassive(cluster, destination, DestinationHealth.Unhealthy, rank.Health.Lost());
    }
}
