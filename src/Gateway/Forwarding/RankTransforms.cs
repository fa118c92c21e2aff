using Grid.Abstractions.Http;
using Grid.Gateway.Ranks;
using Grid.Gateway.Routing;
using Yarp.ReverseProxy.Transforms;
using Yarp.ReverseProxy.Transforms.Builder;

namespace Grid.Gateway.Forwarding;

/// <summary>
/// What YARP's forwarder changes: names the rank that is meant, and lets neither keys nor a client's own grid headers through.
/// </summary>
internal sealed class RankTransforms : ITransformProvider
{
    private const string GridPrefix = "X-Grid-";

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
        context.AddRequestTransform(TransformRequest);
        context.AddResponseTransform(TransformResponse);
    }

    private static ValueTask TransformRequest(RequestTransformContext context)
    {
        var headers = context.ProxyRequest.Headers;
        foreach (var name in headers.NonValidated.Select(header => header.Key).Where(IsOurs).ToList()) headers.Remove(name);
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
        context.SuppressResponseBody = SideRouteMiddleware.IsRefusal((int)response.StatusCode);
        return ValueTask.CompletedTask;
    }

    private static bool IsOurs(string name) =>
        name.StartsWith(GridPrefix, StringComparison.OrdinalIgnoreCase)
        || name.Equals("Authorization", StringComparison.OrdinalIgnoreCase)
        || name.Equals(GridHeaders.RequestId, StringComparison.OrdinalIgnoreCase)
        || name.Equals(GridHeaders.DataParallelRank, StringComparison.OrdinalIgnoreCase);
}
