using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Health;
using Yarp.ReverseProxy.Model;

namespace Grid.Gateway.Routing;

/// <summary>
/// The ranks that take new requests: active health is what the table says, passive health what this gateway has met. YARP's own policies
/// heed active health only where YARP probes the destinations itself, which the grid does already, or send requests to the unhealthy in a
/// panic.
/// </summary>
internal sealed class RankAvailabilityPolicy : IAvailableDestinationsPolicy
{
    public const string PolicyName = "Grid";

    public string Name => PolicyName;

    public static bool IsAvailable(DestinationState destination) =>
        destination.Health is { Active: not DestinationHealth.Unhealthy, Passive: not DestinationHealth.Unhealthy };

    // Sorted: YARP keeps destinations in no order, and gateways are to agree.
    public IReadOnlyList<DestinationState> GetAvailalableDestinations(
        ClusterConfig config, IReadOnlyList<DestinationState> allDestinations) =>
        [.. allDestinations.Where(IsAvailable).OrderBy(destination => destination.DestinationId, StringComparer.Ordinal)];
}
