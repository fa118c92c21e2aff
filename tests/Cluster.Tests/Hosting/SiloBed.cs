using System.Net;
using Grid.Cluster.Hosting;
using Grid.Cluster.Store;
using Grid.Cluster.Tests.Store;
using Grid.Hosting.Http;
using Grid.TestUtilities.Stores;
using Microsoft.Extensions.Logging.Abstractions;

namespace Grid.Cluster.Tests.Hosting;

/// <summary>A silo in the test's process, with its own connection to a redis-server.</summary>
internal sealed class SiloBed : IAsyncDisposable
{
    private readonly StoreWatch _watch;

    private SiloBed(ClusterSettings settings, StoreWatch watch, OrleansSilo silo) => (Settings, _watch, Silo) = (settings, watch, silo);

    public ClusterSettings Settings { get; }

    public OrleansSilo Silo { get; }

    public static async Task<SiloBed> StartAsync(RedisServer server, string name)
    {
        var settings = new ClusterSettings { ClusterId = "test", Store = await StoreBed.ConnectAsync(server) };
        var watch = await StoreWatch.StartAsync(settings.Store, settings.ServiceId, TimeProvider.System, NullLoggerFactory.Instance);
        var options = new OrleansSiloOptions
        {
            Name = name,
            SiloPort = FreePort.Take(IPAddress.Loopback),
            ClientPort = FreePort.Take(IPAddress.Loopback),
            Watch = watch,
            Configure = _ => { },
        };
        return new SiloBed(settings, watch,
            await OrleansSilo.StartAsync(settings, options, NullLoggerFactory.Instance, TestContext.Current.CancellationToken));
    }

    public IWhereGrain Grain(string key) => Silo.Require().GetGrain<IWhereGrain>(key);

    public async ValueTask DisposeAsync()
    {
        await Silo.DisposeAsync();
        await _watch.DisposeAsync();
        await Settings.Store.DisposeAsync();
    }
}
