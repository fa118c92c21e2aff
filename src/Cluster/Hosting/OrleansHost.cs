using Grid.Abstractions.Nodes;
using Grid.Cluster.Security;
using Grid.Hosting.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Orleans.Configuration;
using Orleans.GrainDirectory;
using Orleans.GrainDirectory.Redis;
using Orleans.Runtime.Hosting;
using StackExchange.Redis;

namespace Grid.Cluster.Hosting;

/// <summary>Builds the Orleans hosts of a process: everything in the one store, over its one connection.</summary>
internal static class OrleansHost
{
    /// <summary>The grain storage of the grid's state.</summary>
    public const string Storage = "grid";

    public static IHost BuildSilo(ClusterSettings settings, OrleansSiloOptions options)
    {
        var builder = Builder(settings);
        builder.UseOrleans(silo =>
        {
            silo.Configure<SiloOptions>(of => of.SiloName = options.Name);
            silo.Configure<ClusterOptions>(of => (of.ClusterId, of.ServiceId) = (settings.ClusterId, settings.ServiceId));
            silo.Configure<EndpointOptions>(of =>
            {
                of.AdvertisedIPAddress = options.AdvertisedAddress ?? options.Address;
                (of.SiloPort, of.GatewayPort) = (options.SiloPort, options.ClientPort);
                of.SiloListeningEndpoint = new(options.Address, options.SiloPort);
                of.GatewayListeningEndpoint = new(options.Address, options.ClientPort);
            });
            silo.Configure<ClusterMembershipOptions>(ClusterTimes.Apply);
            silo.Configure<SiloMessagingOptions>(of => of.ResponseTimeout = ClusterTimes.SiloResponse);
            silo.UseNodeTls(settings.Tls);
            silo.UseRedisClustering(of => (of.ConfigurationOptions, of.CreateMultiplexer) = (new(), _ => Shared(settings)));
            silo.AddRedisGrainStorage(Storage, of => (of.ConfigurationOptions, of.CreateMultiplexer) = (new(), _ => Shared(settings)));
            AddDirectory(silo.Services, settings);
            silo.Services.AddSingleton<FatalErrorSignal>();
            silo.Services.Replace(
                ServiceDescriptor.Singleton<IFatalErrorHandler>(services => services.GetRequiredService<FatalErrorSignal>()));
            silo.Services.AddSingleton<IStoreState>(options.Watch);
            options.Configure(silo);
        });
        return builder.Build();
    }

    public static IHost BuildClient(ClusterSettings settings, CancellationToken ended)
    {
        var builder = Builder(settings);
        builder.UseOrleansClient(client =>
        {
            client.Configure<ClusterOptions>(of => (of.ClusterId, of.ServiceId) = (settings.ClusterId, settings.ServiceId));
            client.Configure<GatewayOptions>(of => of.GatewayListRefreshPeriod = ClusterTimes.GatewayRefresh);
            client.Configure<ClientMessagingOptions>(of => of.ResponseTimeout = ClusterTimes.ClientResponse);
            client.UseNodeTls(settings.Tls);
            client.UseRedisClustering(of => (of.ConfigurationOptions, of.CreateMultiplexer) = (new(), _ => Shared(settings)));
            client.UseConnectionRetryFilter(async (_, cancellation) =>
            {
                await Task.Delay(ClusterTimes.GatewayRefresh, settings.Time, cancellation);
                return !ended.IsCancellationRequested;
            });
        });
        return builder.Build();
    }

    private static HostApplicationBuilder Builder(ClusterSettings settings)
    {
        // Empty: no settings file and no environment variable has a say here.
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        settings.Logging?.Invoke(builder.Logging);
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        return builder;
    }

    private static void AddDirectory(IServiceCollection services, ClusterSettings settings)
    {
        var options = new RedisGrainDirectoryOptions { ConfigurationOptions = new(), CreateMultiplexer = _ => Shared(settings) };
        services.AddGrainDirectory(
            GrainDirectoryAttribute.DEFAULT_GRAIN_DIRECTORY,
            (provider, _) =>
                new MemberGrainDirectory(ActivatorUtilities.CreateInstance<RedisGrainDirectory>(provider, options),
                provider.GetRequiredService<IClusterMembershipService>()));
    }

    private static Task<(IConnectionMultiplexer Multiplexer, bool IsShared)> Shared(ClusterSettings settings) =>
        Task.FromResult((settings.Store.Multiplexer, IsShared: true));
}
