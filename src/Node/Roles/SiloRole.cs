using System.Globalization;
using System.Net;
using Grid.Abstractions.Nodes;
using Grid.Cluster.Hosting;
using Grid.Cluster.Security;
using Grid.Grains;
using Grid.Hosting.Http;
using Grid.Hosting.Logging;
using Grid.Node.Foundation;
using Grid.Node.Options;
using Grid.Silo.Access;
using Grid.Silo.DataPlane;
using Grid.Silo.Devices;
using Grid.Silo.Hosting;
using Grid.Silo.Ranks;
using Grid.Silo.Reporting;
using Grid.Silo.Shards;

namespace Grid.Node.Roles;

/// <summary>A node's silo: what holds weights, its HTTP endpoint, its membership, its reports.</summary>
internal sealed class SiloRole : IAsyncDisposable
{
    private static readonly TimeSpan EmptyPoll = TimeSpan.FromMilliseconds(100);

    private readonly RankRegistry _ranks;
    private readonly ShardHost _shards;
    private readonly SiloServer _server;
    private readonly DataPlaneServer _plane;
    private readonly OrleansSilo _orleans;
    private readonly NodeReporter _reporter;

    private SiloRole(RankRegistry ranks, ShardHost shards, SiloServer server, DataPlaneServer plane, OrleansSilo orleans,
        NodeReporter reporter) =>
        (_ranks, _shards, _server, _plane, _orleans, _reporter) = (ranks, shards, server, plane, orleans, reporter);

    /// <summary>The way to the grains.</summary>
    public IGridConnection Connection => _orleans;

    /// <summary>Completes when the node is no member any more.</summary>
    public Task<SiloEnd> Ended => _orleans.Ended;

    /// <summary>Where its HTTP endpoint listens.</summary>
    public IPEndPoint EndPoint => _server.EndPoint;

    /// <summary>Checks of <c>/readyz</c>.</summary>
    public IEnumerable<HealthCheck> Checks() => _server.Checks();

    /// <summary>How its engines are: a gateway in the same process shows it and stays ready, for ranks elsewhere may serve.</summary>
    public HealthCheck Engines() => _server.Engines() with { IsRequired = false };

    /// <summary>Why the process has to be restarted; null if it has not.</summary>
    public string? Failure() => _server.Failure();

    /// <summary>Listens, becomes a member, and begins to report.</summary>
    public static async Task<SiloRole> StartAsync(NodeOptions options, NodeFoundation foundation, string dataFolder, string processKey,
        ILoggerFactory logs, CancellationToken cancellation)
    {
        var ranks = new RankRegistry(TimeProvider.System);
        OrleansSilo? orleans = null;
        var server = await ListenAsync(options, foundation.Settings.Tls, processKey, ranks, () => orleans);
        var plane = await LinkAsync(options, foundation.Settings.Tls, dataFolder, logs.CreateLogger<DataPlaneServer>());
        var shards = new ShardHost(
            new ShardHostOptions
            {
                Node = options.Server.Name,
                Facts = Facts(
                    options, server.EndPoint.Port, plane.EndPoint.Port, foundation.Settings.Tls is not null, logs.CreateLogger("grid")),
                CpuThreads = options.CpuThreads,
                DataPlane = plane,
            },
            ranks,
            logs.CreateLogger("grid"));
        try
        {
            orleans = await OrleansSilo.StartAsync(foundation.Settings, Orleans(options, foundation, shards), logs, cancellation);
            var reporter = new NodeReporter(shards, () => LinkOf(orleans), logs.CreateLogger<NodeReporter>());
            return new SiloRole(ranks, shards, server, plane, orleans, reporter);
        }
        catch
        {
            await server.DisposeAsync();
            await shards.DisposeAsync();
            await plane.DisposeAsync();
            throw;
        }
    }

    /// <summary>Asks the grid to move all shards off this node, and waits until none is left.</summary>
    /// <param name="timeout">The node goes then, empty or not.</param>
    public async Task LeaveAsync(TimeSpan timeout)
    {
        var by = TimeProvider.System.GetUtcNow() + timeout;
        _shards.Leave(by);
        using var timer = new PeriodicTimer(EmptyPoll);
        while (!_shards.IsEmpty && TimeProvider.System.GetUtcNow() < by) await timer.WaitForNextTickAsync();
    }

    /// <summary>Takes no new request; streams that run after the timeout are handed over.</summary>
    /// <returns>How many did not end by themselves.</returns>
    public Task<int> DrainAsync(TimeSpan timeout) => _ranks.DrainAsync(timeout);

    /// <summary>Hands every stream over at once: the grid continues without this node.</summary>
    public Task<int> HandOverAsync() => _ranks.HandOverAsync(HandOverReason.Lost);

    /// <summary>Leaves the cluster and frees everything.</summary>
    public async ValueTask DisposeAsync()
    {
        await _reporter.DisposeAsync();
        await _orleans.DisposeAsync();
        await _server.DisposeAsync();
        await _shards.DisposeAsync();
        await _plane.DisposeAsync();
    }

    private static Task<SiloServer> ListenAsync(NodeOptions options, NodeTls? tls, string processKey, RankRegistry ranks,
        Func<OrleansSilo?> member)
    {
        // Without certificates only this machine may connect.
        var address = tls is null ? IPAddress.Loopback : options.Server.Address;
        var port = options.Server.Ports.SiloHttp;
        var silo = new SiloOptions
        {
            Name = options.Server.Name,
            Address = address,
            Port = port,
            ConfigureListener = tls is null ? null : listen => listen.UseNodeTls(tls),
            TrustLoopback = tls is null,
            // Without certificates its port is open to every user of this machine.
            ProcessKey = tls is null ? processKey : null,
            ApiKeys = tls is null ? options.Server.ApiKeys : [],
            ApiKeyFile = tls is null ? options.Server.ApiKeyFile : null,
            AllowedHosts = options.Server.AllowedHosts,
            Checks = () => [Membership(member())],
        };
        return ListenFault.GuardAsync(
            () => SiloServer.StartAsync(silo, builder => builder.AddStderr(options.Server.JsonLogs), ranks: ranks), address, port,
            "--port-base");
    }

    private static Task<DataPlaneServer> LinkAsync(NodeOptions options, NodeTls? tls, string dataFolder, ILogger logger)
    {
        var address = tls is null ? IPAddress.Loopback : options.Server.Address;
        var port = options.Server.Ports.DataPlane;
        return ListenFault.GuardAsync(() => Task.FromResult(DataPlaneServer.Start(address, port, tls, dataFolder, logger)), address, port,
            "--port-base");
    }

    private static HealthCheck Membership(OrleansSilo? silo) => silo?.Client is not null
        ? new HealthCheck("membership", true, null, null)
        : new HealthCheck("membership", false, "not_a_member", "The silo is no member of the cluster now.");

    private static ClusterLink? LinkOf(OrleansSilo silo) =>
        silo.Client is { } client && silo.SiloAddress is { } address ? new ClusterLink(client, address) : null;

    private static OrleansSiloOptions Orleans(NodeOptions options, NodeFoundation foundation, ShardHost shards)
    {
        var address = foundation.Settings.Tls is null ? IPAddress.Loopback : options.Server.Address;
        return new OrleansSiloOptions
        {
            Name = options.Server.Name,
            Address = address,
            AdvertisedAddress = foundation.Settings.Tls is null ? null : options.AdvertisedAddress,
            SiloPort = options.Server.Ports.Silo is var silo and not 0 ? silo : FreePort.Take(address),
            ClientPort = options.Server.Ports.SiloClient is var client and not 0 ? client : FreePort.Take(address),
            Watch = foundation.Watch,
            Configure = builder => builder.AddGridGrains(shards, foundation.Watch.Kind),
        };
    }

    private static NodeFacts Facts(NodeOptions options, int port, int dataPlanePort, bool isPrivate, ILogger logger) => new(
        options.Roles,
        options.AdvertisedAddress.ToString(),
        Environment.ProcessId,
        typeof(SiloRole).Assembly.GetName().Version!.ToString(3),
        WireContract.Version,
        options.Labels,
        DeviceInventory.Measure(options.Devices, options.CpuThreads, logger),
        string.Create(CultureInfo.InvariantCulture,
            $"{(isPrivate ? "https" : "http")}://{new IPEndPoint(isPrivate ? options.AdvertisedAddress : IPAddress.Loopback, port)}"),
        new IPEndPoint(isPrivate ? options.AdvertisedAddress : IPAddress.Loopback, dataPlanePort).ToString(),
        TimeProvider.System.GetUtcNow());
}
