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
    RequestDelegate next, RoutingState routing, RankHealthPolicy health, GatewayInstruments instruments, TimeProvider timeProvider)
{
    public async Task InvokeAsync(HttpContext context)
    {
        if (!ProxyRoutes.IsGeneration(context.GetRouteModel().Config))
        {
            await next(context);
            return;
        }

        var request = (GatewayRequest)RoutedRequest.Of(context);
        var proxy = context.GetReverseProxyFeature();
        using var attempt = new UpstreamAttempt(request, proxy.Cluster.HttpClient, instruments, timeProvider)
        {
            Succeeded = () => health.Succeeded(proxy.Route.Cluster!, proxy.ProxiedDestination!),
        };
        var stallTimeout = (routing.Current?.Resume ?? ResumeSpec.Default).StallTimeout;
        request.Result = await attempt.RunAsync(stallTimeout, context.RequestAborted);
    }
}
