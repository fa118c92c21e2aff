using System.Globalization;
using Grid.Abstractions.Http;
using Yarp.ReverseProxy.Forwarder;

namespace Grid.Gateway.Forwarding;

/// <summary>Names the rank that is meant, and lets neither keys nor the grid's own headers of a client through.</summary>
internal sealed class RankTransformer(RankId rank, long epoch, string requestId) : HttpTransformer
{
    private const string GridPrefix = "X-Grid-";

    public override async ValueTask TransformRequestAsync(HttpContext httpContext, HttpRequestMessage proxyRequest, string destinationPrefix, CancellationToken cancellationToken)
    {
        foreach (var name in httpContext.Request.Headers.Keys.Where(IsOurs).ToList()) httpContext.Request.Headers.Remove(name);
        await base.TransformRequestAsync(httpContext, proxyRequest, destinationPrefix, cancellationToken);
        proxyRequest.Headers.Host = null;
        proxyRequest.Headers.TryAddWithoutValidation(GridHeaders.Rank, RankHeader.Format(rank));
        proxyRequest.Headers.TryAddWithoutValidation(GridHeaders.Epoch, epoch.ToString(CultureInfo.InvariantCulture));
        proxyRequest.Headers.TryAddWithoutValidation(GridHeaders.RequestId, requestId);
    }

    private static bool IsOurs(string name) =>
        name.StartsWith(GridPrefix, StringComparison.OrdinalIgnoreCase)
        || name.Equals("Authorization", StringComparison.OrdinalIgnoreCase)
        || name.Equals(GridHeaders.RequestId, StringComparison.OrdinalIgnoreCase)
        || name.Equals(GridHeaders.DataParallelRank, StringComparison.OrdinalIgnoreCase);
}
