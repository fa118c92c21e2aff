using System.Globalization;
using System.Security.Cryptography;
using System.Net;
using Grid.Abstractions;
using Grid.Abstractions.Grains;
using Grid.Abstractions.Nodes;
using Grid.Cluster.Hosting;
using Grid.Cluster.Joining;
using Grid.Cluster.Security;
using Grid.Gateway.Admin;
using Grid.Gateway.Telemetry;
using Grid.Hosting.Http;
using Grid.Hosting.Logging;
using Grid.Node.Configuration;
using Grid.Node.Foundation;
using Grid.Node.Options;
using Grid.Node.Roles;

namespace Grid.Node.Processes;

/// <summary>
/// A process of a grid: starts its parts in the order store, silo, gateway, admin, join, reports that it is ready, and ends them in order
/// when a signal asks for it.
/// </summary>
/// <param name="options">The parts of the process.</param>
/// <param name="output">The writer of the ready line, and of nothing else.</param>
public sealed class NodeProcess(NodeOptions options, TextWriter output)
{
    private static readonly TimeSpan LastStreams = TimeSpan.FromSeconds(10);

    /// <summary>Serves until a signal.</summary>
    /// <returns>
    /// 130 after SIGINT; after SIGTERM 0, or 1 where streams were cut; 74 where its own store failed; 75 where the cluster declared the
    /// node dead, or a part failed.
    /// </returns>
    public async Task<int> RunAsync(NodeShutdown shutdown)
    {
        if (options.ConfigFile is { } file) ConfigRole.Check(file);
        using var folder = DataFolder.Open(options.Server.DataFolder);
        await RequirePortsAsync();
        using var recent = new RecentLog(TimeProvider.System);
        using var logs = LoggerFactory.Create(builder => builder.AddStderr(options.Server.JsonLogs).AddProvider(recent));
        var logger = logs.CreateLogger("grid");
        try
        {
            await using var foundation = await NodeFoundation.OpenAsync(options, folder.Path, logs, shutdown.Token);
            using var renewal = StartRenewal(foundation, logs);
            var processKey = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
            await using var silo = options.Silo
                ? await SiloRole.StartAsync(options, foundation, folder.Path, processKey, logs, shutdown.Token)
                : null;
            await using var client = silo is null ? OrleansClient.Start(foundation.Settings) : null;
            var connection = silo?.Connection ?? client!;
            await using var gateway = options.Gateway
                ? await GatewayRole.StartAsync(
                    options, connection, foundation.Settings.Tls, silo is null ? [] : [silo.Engines], processKey, logs)
                : null;
            await using var admin = await StartAdminAsync(folder, foundation, silo, connection, shutdown, recent);
            var http = gateway is null ? "" : Url(gateway.EndPoint, options.Server.CertificateFile is null ? "http" : "https");
            await using var join = foundation.Head is { } head
                ? await JoinServer.StartAsync(options, head, () => Terms(foundation, admin.EndPoint, http), connection)
                : null;
            await using var noJoin = options.Head && join is null
                ? await ClosedJoinServer.StartAsync(options.Server.Address, options.Server.Ports.Join, options.Server.JsonLogs)
                : null;
            await using var config = options.ConfigFile is { } watched ? ConfigRole.Start(watched, connection, logger) : null;
            if (gateway is not null) logger.Listening(http);

            await connection.WaitAsync(shutdown.Token);
            if (config is not null) await config.Fed.WaitAsync(shutdown.Token);
            if (options.Model is { } model) await ModelStart.RunAsync(model, connection, shutdown.Token);
            if (gateway is not null) await gateway.WaitForTableAsync(await NamesAsync(connection), shutdown.Token);
            var siloHttp = silo is null ? "" : Url(silo.EndPoint, foundation.Settings.Tls is null ? "http" : "https");
            var joinAt = join?.EndPoint ?? noJoin?.EndPoint;
            folder.Publish(
                new NodeEndpoints(options.Server.Name, Environment.ProcessId, options.Roles, http, Url(admin.EndPoint), siloHttp,
                joinAt is null ? "" : Advertised(joinAt).ToString()));
            await output.WriteLineAsync(
                $"grid: ready name={options.Server.Name} roles={string.Join(',', options.Roles)} http={http} admin={Url(admin.EndPoint)}");
            await output.FlushAsync();

            if (await WaitForEndAsync(shutdown, silo, foundation) is { } failed)
            {
                if (silo is not null) await silo.HandOverAsync();
                return failed;
            }

            var cut = await StopAsync(silo, gateway, connection, logger);
            return cut > 0 && shutdown.ExitCode == ExitCodes.Done ? ExitCodes.Failed : shutdown.ExitCode;
        }
        catch (OperationCanceledException) when (shutdown.Token.IsCancellationRequested)
        {
            return shutdown.ExitCode;
        }
    }

    /// <summary>The models that the grid has: a gateway that is ready knows them.</summary>
    private static async Task<string[]> NamesAsync(IGridConnection connection)
    {
        try
        {
            var grid = connection.Client?.GetGrain<IGridGrain>(GrainKeys.Grid);
            if (grid is null) return [];
            return [.. (await grid.GetStatus().WaitAsync(ClusterTimes.ClientResponse)).Models.Select(model => model.Name)];
        }
        catch (Exception fault) when (fault is TimeoutException or OrleansException)
        {
            // A gateway that starts while the cluster is busy is ready with the table that it has.
            return [];
        }
    }

    private async Task RequirePortsAsync()
    {
        var ports = options.Server.Ports;
        var address = options.Private ? options.Server.Address : IPAddress.Loopback;
        if (options.Head && options.Store is null) await ListenFault.RequireAsync(address, "--port-base", ports.Store);
        if (options.Silo) await ListenFault.RequireAsync(address, "--port-base", ports.Silo, ports.SiloClient);
    }

    /// <returns>The exit code of a process that cannot go on; null where it was asked to end.</returns>
    private static async Task<int?> WaitForEndAsync(NodeShutdown shutdown, SiloRole? silo, NodeFoundation foundation)
    {
        var ended = silo?.Ended ?? new TaskCompletionSource<SiloEnd>().Task;
        var first = await Task.WhenAny(shutdown.Requested, ended, foundation.StoreFailed);
        if (first == foundation.StoreFailed) return ExitCodes.StoreFailed;
        return first == ended && await ended != SiloEnd.Stopped ? ExitCodes.RestartMe : null;
    }

    private async Task<int> StopAsync(SiloRole? silo, GatewayRole? gateway, IGridConnection connection, ILogger logger)
    {
        var timeout = options.Server.ShutdownTimeout;
        logger.Stopping(timeout.TotalSeconds);
        var start = TimeProvider.System.GetTimestamp();
        var cut = 0;
        if (silo is not null && await HasOthersAsync(connection))
        {
            await silo.LeaveAsync(timeout);
            cut = await silo.DrainAsync(Left());
            // What was handed over continues on other nodes, through this gateway too.
            if (cut > 0 && gateway is not null) logger.HandedOver(cut == 1 ? "1 running request" : $"{cut} running requests");
            if (cut > 0) cut = gateway is null ? 0 : cut;
            if (gateway is not null) cut = await gateway.StopAsync(Left() > LastStreams ? Left() : LastStreams);
        }
        else
        {
            if (gateway is not null) cut = await gateway.StopAsync(Left());
            if (silo is not null) cut = Math.Max(cut, await silo.DrainAsync(Left()));
        }

        if (cut > 0) logger.RequestsCut(cut == 1 ? "1 running request was" : $"{cut} running requests were");
        return cut;

        TimeSpan Left() => timeout - TimeProvider.System.GetElapsedTime(start) is var left && left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    /// <summary>Whether another silo could take over what runs here.</summary>
    private async Task<bool> HasOthersAsync(IGridConnection connection)
    {
        if (!options.Private || connection.Client is not { } client) return false;
        try
        {
            var nodes = await client.GetGrain<IGridGrain>(GrainKeys.Grid).GetNodes().WaitAsync(ClusterTimes.ClientResponse);
            return nodes.Any(
                node => node.Name != options.Server.Name && node.State == NodeState.Ready && node.Roles.Contains(NodeRoles.Silo));
        }
        catch (Exception fault) when (fault is TimeoutException or OrleansException)
        {
            return false;
        }
    }

    private static CertificateRenewal? StartRenewal(NodeFoundation foundation, ILoggerFactory logs)
    {
        if (foundation is not { Issuer: { } issuer, Settings.Tls: { } tls }) return null;
        var renewal = new CertificateRenewal(tls.Certificates, issuer, TimeProvider.System, logs.CreateLogger<CertificateRenewal>());
        _ = renewal.StartAsync(CancellationToken.None);
        return renewal;
    }

    private Task<AdminServer> StartAdminAsync(DataFolder folder, NodeFoundation foundation, SiloRole? silo, IGridConnection connection,
        NodeShutdown shutdown, RecentLog recent)
    {
        var admin = new AdminOptions
        {
            Key = folder.ReadAdminKey(),
            Grid = () => foundation.Watch.Healthy ? connection.Client?.GetGrain<IGridGrain>(GrainKeys.Grid) : null,
            Node = name => foundation.Watch.Healthy ? connection.Client?.GetGrain<INodeGrain>(name) : null,
            Tokens = foundation.Head is { } head ? (life, uses) => head.Tokens.Create(life, uses).ToString() : null,
            ListTokens = foundation.Head is { } lists ? lists.Tokens.List : null,
            RevokeToken = foundation.Head is { } revokes ? revokes.Tokens.Revoke : null,
            Checks = () =>
            [
                .. silo?.Checks()
                    ?? [HealthCheck.Of("cluster", connection.Client is not null, "not_a_member", "The cluster cannot be reached now.")],
                foundation.StoreCheck(),
            ],
            Failure = () => silo?.Failure() ?? foundation.StoreFailure(),
            Shutdown = () => shutdown.Request(),
            Log = recent,
        };
        var (address, port) = (options.Server.Address, options.Server.Ports.Admin);
        return ListenFault.GuardAsync(
            () => AdminServer.StartAsync(admin, address, port, builder => builder.AddStderr(options.Server.JsonLogs)), address, port,
            "--port-base");
    }

    private static GridTerms Terms(NodeFoundation foundation, IPEndPoint admin, string http) =>
        new(foundation.Settings.ServiceId, foundation.RemoteStore, Url(admin), http);

    private static string Url(IPEndPoint endPoint, string scheme = "http") =>
        string.Create(CultureInfo.InvariantCulture, $"{scheme}://{Advertised(endPoint)}");

    /// <summary>Who listens everywhere is reached on loopback.</summary>
    private static IPEndPoint Advertised(IPEndPoint endPoint) =>
        endPoint.Address.Equals(IPAddress.Any) ? new IPEndPoint(IPAddress.Loopback, endPoint.Port)
        : endPoint.Address.Equals(IPAddress.IPv6Any) ? new IPEndPoint(IPAddress.IPv6Loopback, endPoint.Port)
        : endPoint;
}
