using Grid.Gateway.LoadBalancing;
using Grid.Gateway.Ranks;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Health;
using Yarp.ReverseProxy.LoadBalancing;
using Yarp.ReverseProxy.SessionAffinity;

namespace Grid.Gateway.Routing;

/// <summary>Registers YARP with the grid's configuration and policies.</summary>
internal static class RoutingServices
{
    /// <summary>Adds YARP.</summary>
    /// <param name="services">Also has the clock and the source of chance.</param>
    /// <param name="upstream">The one client to all silos.</param>
    public static IReverseProxyBuilder AddGridRouting(this IServiceCollection services, HttpMessageInvoker upstream)
    {
        var proxy = services.AddReverseProxy();
        // Names are compared without regard to case, and YARP has a policy "Random" too.
        services.RemoveAll<ILoadBalancingPolicy>();
        services.AddRoutingPolicies();
        RemoveSessionAffinity(services);
        services.AddSingleton<RankDestinations>().AddSingleton<RoutingTableConfig>().AddSingleton<RoutingState>()
            .AddSingleton<DestinationSelector>().AddSingleton<RankHealthPolicy>();
        services.AddSingleton<IProxyConfigProvider>(provider => provider.GetRequiredService<RoutingTableConfig>());
        services.AddSingleton<IAvailableDestinationsPolicy, RankAvailabilityPolicy>();
        services.AddSingleton<IPassiveHealthCheckPolicy>(provider => provider.GetRequiredService<RankHealthPolicy>());
        services.Replace(ServiceDescriptor.Singleton<IClusterDestinationsUpdater, RankDestinationsUpdater>());
        services.AddSingleton<IForwarderHttpClientFactory>(new SharedClient(upstream));
        return proxy;
    }

    // Sessions are a matter of the routing policies. YARP's affinity brings data protection, which would write keys to the user's home.
    private static void RemoveSessionAffinity(IServiceCollection services)
    {
        services.RemoveAll<ISessionAffinityPolicy>();
        var keyRing = services.Where(service => service.ServiceType == typeof(IHostedService)
            && service.ImplementationType?.Namespace?.StartsWith("Microsoft.AspNetCore.DataProtection", StringComparison.Ordinal) == true);
        foreach (var service in keyRing.ToList()) services.Remove(service);
    }

    private sealed class SharedClient(HttpMessageInvoker client) : IForwarderHttpClientFactory
    {
        public HttpMessageInvoker CreateClient(ForwarderHttpClientContext context) => client;
    }
}
