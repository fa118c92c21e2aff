using Grid.Abstractions;
using Grid.Cluster.Hosting;
using Grid.Cluster.Joining;
using Grid.Cluster.Security;
using Grid.Cluster.Store;
using Grid.Hosting.Http;
using Grid.Hosting.Logging;
using Grid.Node.Options;

namespace Grid.Node.Foundation;

/// <summary>What all parts of a process are built on: who it is in the grid, and the store.</summary>
internal sealed class NodeFoundation : IAsyncDisposable
{
    /// <summary>The id of a grid that is one process.</summary>
    private const string OwnCluster = "serve";

    private static readonly TimeSpan StorePatience = TimeSpan.FromSeconds(30);

    // A disk that is full for less heals by itself, and a restart would find it as full.
    private static readonly TimeSpan StoreGrace = TimeSpan.FromMinutes(1);

    private readonly EmbeddedStore? _embedded;

    private NodeFoundation(ClusterSettings settings, StoreWatch watch, EmbeddedStore? embedded) =>
        (Settings, Watch, _embedded) = (settings, watch, embedded);

    /// <summary>For Orleans.</summary>
    public ClusterSettings Settings { get; }

    /// <summary>What is known of the store.</summary>
    public StoreWatch Watch { get; }

    /// <summary>The head's keys; null if this is no head, or the grid has no TLS.</summary>
    public HeadSecurity? Head { get; private init; }

    /// <summary>Renews this node's certificate; null if it has none.</summary>
    public ICertificateIssuer? Issuer { get; private init; }

    /// <summary>Completes when this process's own store failed and cannot be restarted in place.</summary>
    public Task StoreFailed => _embedded?.Failed ?? new TaskCompletionSource().Task;

    /// <summary>The check of the store: required where it is this process's own, for it rules the cluster.</summary>
    public HealthCheck StoreCheck()
    {
        var isWell = Watch.Healthy && _embedded?.FailingFor is null or { Ticks: 0 };
        var check = HealthCheck.Of("store", isWell, "store_unavailable", "The store takes no changes now.");
        return check with { IsRequired = _embedded is not null };
    }

    /// <summary>Why the process has to be restarted for its store; null if it has not.</summary>
    public string? StoreFailure() => _embedded is { FailingFor: var failing } && failing > StoreGrace
        ? $"The embedded store has taken no write for {failing.TotalSeconds:F0} s."
        : null;

    /// <summary>How other nodes reach the store.</summary>
    public StoreAccess RemoteStore => _embedded?.Remote ?? Settings.Store.Access;

    /// <summary>Joins or makes the grid, and connects to the store.</summary>
    /// <exception cref="NodeException">Neither can be had.</exception>
    public static async Task<NodeFoundation> OpenAsync(NodeOptions options, string dataFolder, ILoggerFactory logs,
        CancellationToken cancellation)
    {
        try
        {
            return options.Head
                ? await MakeAsync(options, dataFolder, logs, cancellation)
                : await JoinAsync(options, dataFolder, logs, cancellation);
        }
        catch (StoreException fault)
        {
            throw new NodeException(fault.Message,
                fault.WrongUsage ? ExitCodes.Usage : options.Head && options.Store is null ? ExitCodes.Failed : ExitCodes.Unreachable,
                fault);
        }
        catch (JoinException fault)
        {
            throw new NodeException(fault.Message, fault.ExitCode, fault);
        }
        catch (SecurityException fault)
        {
            throw new NodeException(fault.Message, ExitCodes.Failed, fault);
        }
    }

    /// <summary>Lets go of the store, and ends it where it is this process's.</summary>
    public async ValueTask DisposeAsync()
    {
        await Watch.DisposeAsync();
        await Settings.Store.DisposeAsync();
        if (_embedded is not null) await _embedded.DisposeAsync();
    }

    private static async Task<NodeFoundation> MakeAsync(NodeOptions options, string dataFolder, ILoggerFactory logs,
        CancellationToken cancellation)
    {
        var head = options.Private
            ? HeadSecurity.Open(dataFolder, options.Server.Name, options.AdvertisedAddress.ToString(), options.Roles, TimeProvider.System,
            logs)
            : null;
        var embedded = options.Store is null ? await StartStoreAsync(options, dataFolder, head?.Tls, logs) : null;
        try
        {
            var connection = await StoreConnection.OpenAsync(options.Store ?? embedded!.Local, null, StorePatience, logs, cancellation);
            if (options.Store is not null) await RedisDurability.RequireAsync(connection, options.AllowVolatileStore);
            var settings = MakeSettings(options, head?.Authority.ClusterId ?? OwnCluster, connection, head?.Tls);
            // No other process can be a member of such a grid: all that is in the table are earlier lives of this one.
            if (head is null) await connection.Database.KeyDeleteAsync($"{settings.ServiceId}/members/{settings.ClusterId}");
            return new NodeFoundation(settings, await WatchAsync(settings, logs), embedded) { Head = head, Issuer = head?.Issuer };
        }
        catch
        {
            if (embedded is not null) await embedded.DisposeAsync();
            throw;
        }
    }

    private static Task<EmbeddedStore> StartStoreAsync(NodeOptions options, string dataFolder, NodeTls? tls, ILoggerFactory logs)
    {
        var store = new EmbeddedStoreOptions
        {
            Folder = Path.Combine(dataFolder, "store"),
            Address = options.Server.Address,
            AdvertisedAddress = options.AdvertisedAddress.ToString(),
            Port = options.Server.Ports.Store,
            Tls = tls,
        };
        return EmbeddedStore.StartAsync(store, logs);
    }

    private static async Task<NodeFoundation> JoinAsync(NodeOptions options, string dataFolder, ILoggerFactory logs,
        CancellationToken cancellation)
    {
        var join = new JoinOptions(dataFolder, options.Join!, options.Token, options.Server.Name, options.AdvertisedAddress.ToString(),
            options.Roles);
        var membership = await new Joiner(join, TimeProvider.System, logs).JoinAsync(cancellation);
        var connection = await StoreConnection.OpenAsync(membership.Terms.Store, membership.Tls, StorePatience, logs, cancellation);
        var settings = MakeSettings(options, membership.ClusterId, connection, membership.Tls)
            with
        { ServiceId = membership.Terms.ServiceId };
        return new NodeFoundation(settings, await WatchAsync(settings, logs), null) { Issuer = membership.Issuer };
    }

    private static Task<StoreWatch> WatchAsync(ClusterSettings settings, ILoggerFactory logs) =>
        StoreWatch.StartAsync(settings.Store, settings.ServiceId, TimeProvider.System, logs);

    private static ClusterSettings MakeSettings(NodeOptions options, string clusterId, StoreConnection store, NodeTls? tls) => new()
    {
        ClusterId = clusterId,
        Store = store,
        Tls = tls,
        Logging = builder => builder.AddStderr(options.Server.JsonLogs),
    };
}
