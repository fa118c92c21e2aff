using Yarp.ReverseProxy.Configuration;

namespace Grid.Gateway.Routing;

/// <summary>
/// The routes that reach a model; nothing else of a silo can be reached. YARP matches paths and headers, but the model is named in the
/// body: so every route begins at a cluster without destinations, and each request is reassigned to its model's cluster.
/// </summary>
internal static class ProxyRoutes
{
    private const string Kind = "kind";
    private const string Generation = "generation";

    /// <summary>The cluster where routes begin.</summary>
    public static ClusterConfig Unassigned { get; } = new()
    {
        ClusterId = "unassigned",
        LoadBalancingPolicy = LoadBalancing.RoutingPolicies.Default,
    };

    public static IReadOnlyList<RouteConfig> All { get; } =
    [
        .. new[] { "/v1/completions", "/v1/chat/completions" }.Select(path => Route(path, Generation)),
        .. new[] { "/tokenize", "/detokenize", "/v1/{**rest}" }.Select(path => Route(path, "side")),
    ];

    /// <summary>Whether the answers of a route are generated, and can be resumed; all others are forwarded as they are.</summary>
    public static bool IsGeneration(RouteConfig route) => route.Metadata?[Kind] == Generation;

    private static RouteConfig Route(string path, string kind) => new()
    {
        RouteId = path,
        ClusterId = Unassigned.ClusterId,
        Match = new RouteMatch { Path = path, Methods = [HttpMethods.Post] },
        Metadata = new Dictionary<string, string> { [Kind] = kind },
    };
}
