using Grid.Gateway.Ranks;
using Yarp.ReverseProxy.Model;

namespace Grid.Gateway.Admission;

/// <summary>
/// A step of the proxy pipeline, once an attempt: waits for a rank, and leaves YARP's load balancing those that may get the request.
/// </summary>
internal sealed class AdmissionMiddleware(RequestDelegate next, AdmissionControl admission)
{
    public async Task InvokeAsync(HttpContext context)
    {
        var request = RoutedRequest.Of(context);
        var (selected, waited) = await admission.AdmitAsync(request.Query, context.RequestAborted);
        try
        {
            var route = context.GetRouteModel();
            // The route too: load balancing and health checks take the cluster from there.
            context.ReassignProxyRequest(new RouteModel(route.Config, selected.Cluster, route.Transformer), selected.Cluster!);
            context.GetReverseProxyFeature().AvailableDestinations = selected.Destinations!;
            request.Counted = waited is null ? null : waited.Settle;
            await next(context);
        }
        finally
        {
            waited?.Settle();
        }
    }
}
