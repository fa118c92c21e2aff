using Microsoft.AspNetCore.Http.Features;

namespace Grid.Gateway.Ranks;

/// <summary>
/// A request as routing sees it: a feature of its <see cref="HttpContext"/>, which the steps of the proxy pipeline share.
/// </summary>
/// <param name="query">What the request needs of a rank.</param>
internal class RoutedRequest(RouteQuery query)
{
    /// <summary>What the next attempt asks of a rank.</summary>
    public RouteQuery Query { get; set; } = query;

    /// <summary>The load that it is at the rank of the current attempt; null between attempts.</summary>
    public Dispatch? Dispatch { get; set; }

    /// <summary>How the last attempt ended.</summary>
    public AttemptResult Result { get; set; }

    /// <summary>Called once the current attempt counts as load of its rank; null if nothing waits for that.</summary>
    public Action? Counted { get; set; }

    /// <summary>The request that a context carries.</summary>
    public static RoutedRequest Of(HttpContext context) => context.Features.GetRequiredFeature<RoutedRequest>();
}
