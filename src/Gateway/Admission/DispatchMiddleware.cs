using Grid.Gateway.Ranks;
using Grid.Gateway.Telemetry;

namespace Grid.Gateway.Admission;

/// <summary>
/// A step of the proxy pipeline behind load balancing: counts the request as load of its rank while it is there. YARP's own count of
/// concurrent requests cannot be joined with what the rank reports, and knows no tokens.
/// </summary>
internal sealed class DispatchMiddleware(
    RequestDelegate next, AdmissionControl admission, RankDestinations ranks, GatewayInstruments instruments)
{
    private readonly Action _ended = admission.PumpAll;

    public async Task InvokeAsync(HttpContext context)
    {
        var request = RoutedRequest.Of(context);
        var proxy = context.GetReverseProxyFeature();
        proxy.ProxiedDestination = proxy.AvailableDestinations[0];
        var rank = ranks.Of(proxy.ProxiedDestination);
        using var dispatch = rank.Dispatch(request.Query, _ended);
        request.Dispatch = dispatch;
        request.Counted?.Invoke();
        instruments.Dispatched(rank.Id, rank.Route.Node);
        if (request.Query.Numerics is { } numerics && numerics != rank.Route.Numerics) instruments.Inexact(request.Query.Model);
        await next(context);
    }
}
