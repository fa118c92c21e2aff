using Grid.Cluster.Joining;
using Grid.Cluster.Store;
using Microsoft.Extensions.Logging.Abstractions;

namespace Grid.Cluster.Tests.Store;

public sealed class EmbeddedStoreTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("grid-store-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task StartAsync_FolderOfAnEarlierOne_HoldsWhatItHeld()
    {
        await using (var store = await StartAsync())
        {
            await using var connection = await OpenAsync(store.Local);
            await connection.Database.HashSetAsync("grid/state", "a", "1");
            await connection.Database.ScriptEvaluateAsync("return redis.call('HSET', KEYS[1], 'b', '2')", ["grid/state"]);
        }

        await using var again = await StartAsync();
        await using var reader = await OpenAsync(again.Local);
        Assert.Equal("1", (string?)await reader.Database.HashGetAsync("grid/state", "a"));
        Assert.Equal("2", (string?)await reader.Database.HashGetAsync("grid/state", "b"));
    }

    [Fact]
    public async Task OpenAsync_WrongPassword_IsRefusedAtOnce()
    {
        await using var store = await StartAsync();

        var fault = await Assert.ThrowsAsync<StoreException>(() =>
            StoreConnection.OpenAsync(store.Local with { Password = "wrong" }, null, Patience, NullLoggerFactory.Instance, Cancellation));

        Assert.True(fault.WrongUsage);
        Assert.Contains("password", fault.Message);
    }

    [Fact]
    public async Task Remote_WithCertificates_TakesMembersAlone()
    {
        var head = HeadSecurity.Open(Path.Combine(_folder, "head"), "a", "127.0.0.1", ["silo", "store"], TimeProvider.System,
            NullLoggerFactory.Instance);
        var other =
            HeadSecurity.Open(Path.Combine(_folder, "other"), "b", "127.0.0.1", ["silo"], TimeProvider.System, NullLoggerFactory.Instance);
        await using var store = await EmbeddedStore.StartAsync(
            new EmbeddedStoreOptions { Folder = Path.Combine(_folder, "store"), Tls = head.Tls }, NullLoggerFactory.Instance);

        await using (var member =
            await StoreConnection.OpenAsync(store.Remote, head.Tls, Patience, NullLoggerFactory.Instance, Cancellation))
            Assert.True(await member.Database.StringSetAsync("key", new string('x', 1 << 20)));

        Assert.NotEqual(store.Local.Address, store.Remote.Address);
        await Assert.ThrowsAsync<StoreException>(() => OpenAsync(store.Remote with { Tls = "none" }));
        await Assert.ThrowsAsync<StoreException>(
            () => StoreConnection.OpenAsync(store.Remote, other.Tls, Brief, NullLoggerFactory.Instance, Cancellation));
    }

    private static TimeSpan Patience => TimeSpan.FromSeconds(10);

    private static TimeSpan Brief => TimeSpan.FromSeconds(1);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static Task<StoreConnection> OpenAsync(StoreAccess access) =>
        StoreConnection.OpenAsync(access, null, Brief, NullLoggerFactory.Instance, Cancellation);

    private Task<EmbeddedStore> StartAsync() =>
        EmbeddedStore.StartAsync(new EmbeddedStoreOptions { Folder = Path.Combine(_folder, "store") }, NullLoggerFactory.Instance);
}
