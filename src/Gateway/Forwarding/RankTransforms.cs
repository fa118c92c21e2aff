using System.Text;
using Grid.Abstractions.Http;
using Grid.Gateway.Ranks;
using Grid.Gateway.Routing;
using Yarp.ReverseProxy.Transforms;
using Yarp.ReverseProxy.Transforms.Builder;

namespace Grid.Gateway.Forwarding;

/// <summary>
/// What YARP's forwarder changes: names the rank that is meant, and lets only headers through that a silo reads. Neither keys nor a
/// client's own grid headers nor what cannot be sent reach a silo.
/// </summary>
internal sealed class RankTransforms : ITransformProvider
{
    private static readonly string[] Passed = ["Accept", "traceparent", "tracestate"];

    public void ValidateRoute(TransformRouteValidationContext context)
    {
        // There are no settings.
    }

    public void ValidateCluster(TransformClusterValidationContext context)
    {
        // There are no settings.
    }

    public void Apply(TransformBuilderContext context)
    {
        context.UseDefaultForwarders = false;
        context.CopyRequestHeaders = false;
        context.AddRequestTransform(TransformRequest);
        context.AddResponseTransform(TransformResponse);
    }

    private static ValueTask TransformRequest(RequestTransformContext context)
    {
        var headers = context.ProxyRequest.Headers;
        foreach (var name in Passed)
            if (context.HttpContext.Request.Headers[name].ToString() is { Length: > 0 } value && Ascii.IsValid(value))
                headers.TryAddWithoutValidation(name, value);
        var request = (GatewayRequest)RoutedRequest.Of(context.HttpContext);
        var rank = context.HttpContext.GetReverseProxyFeature().ProxiedDestination!.Model.Config.Metadata!;
        headers.TryAddWithoutValidation(GridHeaders.Rank, RankHeader.Format(RankId.Parse(rank[RoutingTableConfig.RankKey])));
        headers.TryAddWithoutValidation(GridHeaders.Epoch, rank[RoutingTableConfig.EpochKey]);
        headers.TryAddWithoutValidation(GridHeaders.RequestId, request.RequestId);
        return ValueTask.CompletedTask;
    }

    private static ValueTask TransformResponse(ResponseTransformContext context)
    {
        if (context.ProxyResponse is not { } response) return ValueTask.CompletedTask;
        // The silo answers with the same id, which would then be there twice.
        context.HttpContext.Response.Headers[GridHeaders.RequestId] = ((GatewayRequest)RoutedRequest.Of(context.HttpContext)).RequestId;
        context.SuppressResponseBody = SideRouteMiddleware.RefusalOf((int)response.StatusCode) is not null;
        return ValueTask.CompletedTask;
    }
}
