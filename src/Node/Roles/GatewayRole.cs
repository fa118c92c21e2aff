using System.Net;
using Grid.Cluster.Hosting;
using Grid.Cluster.Security;
using Grid.Gateway.Forwarding;
using Grid.Gateway.Hosting;
using Grid.Gateway.Tables;
using Grid.Hosting.Http;
using Grid.Hosting.Logging;
using Grid.Node.Foundation;
using Grid.Node.Options;

namespace Grid.Node.Roles;

/// <summary>A process's gateway.</summary>
internal sealed class GatewayRole : IAsyncDisposable
{
    private static readonly TimeSpan TablePatience = TimeSpan.FromMinutes(1);

    private readonly SwitchingTableSource _source;
    private readonly HttpMessageInvoker _upstream;
    private readonly GatewayServer _server;

    private GatewayRole(SwitchingTableSource source, HttpMessageInvoker upstream, GatewayServer server) =>
        (_source, _upstream, _server) = (source, upstream, server);

    /// <summary>Where it listens.</summary>
    public IPEndPoint EndPoint => _server.EndPoint;

    /// <summary>Listens; until there is a routing table it answers 503.</summary>
    /// <param name="options">Where the gateway listens.</param>
    /// <param name="connection">The connection to the grains.</param>
    /// <param name="tls">This node's TLS towards silos; null for none.</param>
    /// <param name="checks">The checks of the silo in the same process.</param>
    /// <param name="processKey">What the silo of the same process knows this gateway by.</param>
    /// <param name="logs">The logs of faults.</param>
    public static async Task<GatewayRole> StartAsync(NodeOptions options, IGridConnection connection, NodeTls? tls,
        IReadOnlyList<Func<HealthCheck>> checks, string processKey, ILoggerFactory logs)
    {
        var source = new SwitchingTableSource(connection, logs.CreateLogger<SwitchingTableSource>());
        var upstream = tls is null
            ? UpstreamHttp.Create(processKey: processKey)
            : UpstreamHttp.Create(NodeTls.CreateHandler(tls).SslOptions);
        var server = options.Server;
        var gateway = new GatewayOptions
        {
            Name = server.Name,
            Address = server.Address,
            Port = server.HttpPort,
            ApiKeys = server.ApiKeys,
            ApiKeyFile = server.ApiKeyFile,
            SharePrefixCache = server.SharePrefixCache,
            AllowedOrigins = server.AllowedOrigins,
            AllowedHosts = server.AllowedHosts,
            CertificateFile = server.CertificateFile,
            KeyFile = server.KeyFile,
            MaxConnections = server.MaxConnections,
            SlowClientTimeout = server.SlowClientTimeout,
            Checks = checks,
        };
        try
        {
            var listening = await ListenFault.GuardAsync(
                () => GatewayServer.StartAsync(gateway, source, upstream, builder => builder.AddStderr(server.JsonLogs)), server.Address,
                server.HttpPort, "--port");
            return new GatewayRole(source, upstream, listening);
        }
        catch
        {
            await source.DisposeAsync();
            upstream.Dispose();
            throw;
        }
    }

    /// <summary>Waits for a routing table with certain models, for as long as a minute.</summary>
    public async Task WaitForTableAsync(string[] models, CancellationToken cancellation)
    {
        var there = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _source.Changed += Look;
        Look();
        try
        {
            await there.Task.WaitAsync(TablePatience, cancellation);
        }
        catch (TimeoutException) when (_source.Current is not null)
        {
            // A model may have been deleted meanwhile.
        }

        _source.Changed -= Look;

        void Look()
        {
            if (_source.Current is { } table && models.All(name => table.Models.Any(model => model.Name == name))) there.TrySetResult();
        }
    }

    /// <summary>Refuses new requests and lets those in flight end; those left at the deadline are cut.</summary>
    /// <returns>How many were cut.</returns>
    public Task<int> StopAsync(TimeSpan timeout) => _server.StopAsync(timeout);

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        await _source.DisposeAsync();
        _upstream.Dispose();
    }
}
