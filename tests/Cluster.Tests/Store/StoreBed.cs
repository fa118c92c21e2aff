using Grid.Cluster.Joining;
using Grid.Cluster.Store;
using Grid.TestUtilities.Stores;
using Microsoft.Extensions.Logging.Abstractions;

namespace Grid.Cluster.Tests.Store;

/// <summary>A redis-server and a connection to it.</summary>
internal sealed class StoreBed : IAsyncDisposable
{
    private StoreBed(RedisServer server, StoreConnection connection) => (Server, Connection) = (server, connection);

    public RedisServer Server { get; }

    public StoreConnection Connection { get; }

    public static async Task<StoreBed> StartAsync(bool appendOnly = true)
    {
        var server = await RedisServer.StartAsync(appendOnly);
        return new StoreBed(server, await ConnectAsync(server));
    }

    public static Task<StoreConnection> ConnectAsync(RedisServer server) => StoreConnection.OpenAsync(
        new StoreAccess("redis", server.Address, null, 0, "none"), null, TimeSpan.FromSeconds(10), NullLoggerFactory.Instance,
        TestContext.Current.CancellationToken);

    public Task FlushAsync() => Connection.Database.ExecuteAsync("FLUSHALL");

    public async ValueTask DisposeAsync()
    {
        await Connection.DisposeAsync();
        await Server.DisposeAsync();
    }
}
