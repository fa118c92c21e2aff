using Grid.Abstractions.Configuration;
using Grid.Gateway.Ranks;
using Grid.Gateway.Routing;
using Grid.Gateway.Telemetry;

namespace Grid.Gateway.Forwarding;

/// <summary>
/// The last step of the proxy pipeline for generations, in the place of YARP's forwarder: that copies bytes as they come, and a client
/// would have half an event when a rank is lost. The relay commits whole events, keeps their token ids, and strips the comments that bring
/// them.
/// </summary>
internal sealed class GenerationRelayMiddleware(
    RequestDelegate next,
    RoutingState routing,
    DestinationSelector selector,
    RankDestinations ranks,
    RankHealthPolicy health,
    GatewayInstruments instruments,
    TimeProvider timeProvider)
{
    private static readonly TimeSpan PerMegabyte = TimeSpan.FromSeconds(1);

    public async Task InvokeAsync(HttpContext context)
    {
        if (!ProxyRoutes.IsGeneration(context.GetRouteModel().Config))
        {
            await next(context);
            return;
        }

        var request = (GatewayRequest)RoutedRequest.Of(context);
        var proxy = context.GetReverseProxyFeature();
        var (cluster, destination) = (proxy.Route.Cluster!, proxy.ProxiedDestination!);
        var attempt = new UpstreamAttempt(request, proxy.Cluster.HttpClient, instruments, timeProvider)
        {
            Succeeded = () => health.Succeeded(cluster, destination),
        };
        try
        {
            request.LastRank = attempt.Rank;
            request.Result = await attempt.RunAsync(WatchOf(request, attempt.Rank), context.RequestAborted);
        }
        finally
        {
            if (!attempt.IsParked) attempt.Dispose();
        }
    }

    private StreamWatchOptions WatchOf(GatewayRequest request, RankState rank) => new(
        // A silo answers once it has read the prompt.
        StreamWatch.SilenceLimit + (PerMegabyte * (request.Body.Length >> 20)),
        (routing.Current?.Resume ?? ResumeSpec.Default).StallTimeout,
        () => !ranks.Bound.Any(bound => bound.Rank == rank),
        isElsewhere => HasOther(request, rank, isElsewhere));

    private bool HasOther(GatewayRequest request, RankState rank, bool isElsewhere)
    {
        foreach (var destination in selector.Select(request.Query with { IsResume = true }).Destinations ?? [])
            if (ranks.TryGet(destination, out var other) && other != rank && !(isElsewhere && other.Route.Url == rank.Route.Url))
                return true;
        return false;
    }
}
