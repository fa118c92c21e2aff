using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using Garnet;
using Grid.Cluster.Joining;
using Grid.Cluster.Security;
using Grid.Hosting.Http;
using StackExchange.Redis;

namespace Grid.Cluster.Store;

/// <summary>
/// A Garnet server in this process, with an append-only file. What it has acknowledged survives the death of the process.
/// It listens on loopback, behind a password; other nodes come through a relay that demands their certificates.
/// </summary>
public sealed class EmbeddedStore : IAsyncDisposable
{
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(20);

    private readonly KestrelEndpoint? _relay;
    private readonly StoreGuard _guard;
    private readonly Func<GarnetServer> _start;
    private GarnetServer _server;

    private EmbeddedStore(
        Func<GarnetServer> start, GarnetServer server, KestrelEndpoint? relay, StoreAccess local, StoreAccess remote, string folder,
        ILoggerFactory logs)
    {
        (_start, _server, _relay, Local, Remote) = (start, server, relay, local, remote);
        _guard = new StoreGuard(folder, Connect, RestartAsync, TimeProvider.System, logs.CreateLogger<EmbeddedStore>());
    }

    /// <summary>Completes when the store failed and cannot be restarted in place.</summary>
    public Task Failed => _guard.Failed;

    /// <summary>For how long it has taken no write; zero where it is well.</summary>
    public TimeSpan FailingFor => _guard.FailingFor;

    /// <summary>For this process.</summary>
    public StoreAccess Local { get; }

    /// <summary>For other nodes.</summary>
    public StoreAccess Remote { get; }

    /// <summary>Recovers what the folder holds, and listens.</summary>
    /// <exception cref="StoreException">Port or folder cannot be used.</exception>
    public static async Task<EmbeddedStore> StartAsync(EmbeddedStoreOptions options, ILoggerFactory logs)
    {
        System.IO.Directory.CreateDirectory(options.Folder);
        var password = ReadPassword(options.Folder);
        var port = options.Tls is null && options.Port != 0 ? options.Port : FreePort.Take(IPAddress.Loopback);
        GarnetServer Start() => StartServer(options, port, password, logs);
        var server = Start();
        var local = new StoreAccess("embedded", Dial(IPAddress.Loopback.ToString(), port), password, 0, "none");
        if (options.Tls is null) return new EmbeddedStore(Start, server, null, local, local, options.Folder, logs);
        try
        {
            var relay =
                await StoreRelay.StartAsync(options.Address, options.Port, new IPEndPoint(IPAddress.Loopback, port), options.Tls, logs);
            var address = options.AdvertisedAddress ?? options.Address.ToString();
            var remote = local with { Address = Dial(address, relay.EndPoint.Port), Tls = "node" };
            return new EmbeddedStore(Start, server, relay, local, remote, options.Folder, logs);
        }
        catch
        {
            server.Dispose();
            throw;
        }
    }

    /// <summary>Closes every connection and the files.</summary>
    public async ValueTask DisposeAsync()
    {
        await _guard.DisposeAsync();
        if (_relay is not null) await _relay.DisposeAsync();
        await Task.Run(_server.Dispose);
    }

    private async Task RestartAsync()
    {
        await Task.Run(_server.Dispose).WaitAsync(StopPatience);
        _server = _start();
    }

    private ConnectionMultiplexer Connect() => ConnectionMultiplexer.Connect(new ConfigurationOptions
    {
        EndPoints = { Local.Address },
        Password = Local.Password,
        AbortOnConnectFail = false,
        AsyncTimeout = 2000,
        ClientName = "grid-guard",
    });

    private static GarnetServer StartServer(EmbeddedStoreOptions options, int port, string password, ILoggerFactory logs)
    {
        // The options class cannot be built directly, and only the managed device runs everywhere.
        string[] arguments =
        [
            "--bind", IPAddress.Loopback.ToString(), "--port", port.ToString(CultureInfo.InvariantCulture), "--auth", "Password",
                "--password", password, "-q",
            "--lua", "--lua-transaction-mode", "--memory", "64m", "--page", "1m", "--index", "1m", "--pubsub-pagesize", "4k",
            "--checkpointdir", options.Folder, "--recover", "--device-type", "RandomAccess",
            "--aof", "--aof-memory", "16m", "--aof-page-size", "4m", "--aof-commit-freq", "0", "--aof-commit-wait", "--aof-size-limit",
                options.AppendOnlyFileLimit,
        ];
        try
        {
            var server = new GarnetServer(arguments, new QuietLogs(logs));
            server.Start();
            return server;
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            throw new StoreException($"The embedded store cannot start on port {port} with the folder {options.Folder}: {fault.Message}",
                inner: fault);
        }
    }

    private static string ReadPassword(string folder)
    {
        var file = Path.Combine(folder, "password");
        if (!File.Exists(file)) AtomicFile.WriteSecret(file, RandomNumberGenerator.GetHexString(32, lowercase: true));
        return File.ReadAllText(file).Trim();
    }

    private static string Dial(string address, int port) =>
        string.Create(CultureInfo.InvariantCulture, $"{(address.Contains(':') ? $"[{address}]" : address)}:{port}");
}
