using System.Diagnostics;
using Grid.Cluster.Store;
using Grid.TestUtilities.Waiting;
using Microsoft.Extensions.Logging.Abstractions;
using StackExchange.Redis;

namespace Grid.Cluster.Tests.Store;

public sealed class StoreGuardTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Store_DiskWasFull_IsRestartedWithAllThatItAcknowledged()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.UserName == "root", "A file system of a fixed size needs root.");
        var folder = Directory.CreateTempSubdirectory().FullName;
        await RunAsync("mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", folder);
        try
        {
            await using var store = await EmbeddedStore.StartAsync(
                new EmbeddedStoreOptions { Folder = Path.Combine(folder, "store"), Port = 0 }, NullLoggerFactory.Instance);
            await using var client = await ConnectAsync(store);
            var database = client.GetDatabase();
            await database.StringSetAsync("kept", "yes");
            Fill(Path.Combine(folder, "fill"));
            await Eventually.HoldsAsync(() => store.FailingFor > TimeSpan.Zero, "store.FailingFor > 0", Patience, Cancellation);
            Assert.False(store.Failed.IsCompleted);
            File.Delete(Path.Combine(folder, "fill"));
            await Eventually.HoldsAsync(() => store.FailingFor == TimeSpan.Zero, "store.FailingFor == 0", Patience, Cancellation);
            await Eventually.HoldsAsync(() => client.IsConnected, "client.IsConnected", Patience, Cancellation);
            Assert.Equal("yes", await database.StringGetAsync("kept"));
            await database.StringSetAsync("kept", "again");
        }
        finally
        {
            await RunAsync("umount", folder);
            Directory.Delete(folder);
        }
    }

    [Fact]
    public async Task Store_ThatIsWell_IsLeftAlone()
    {
        var folder = Directory.CreateTempSubdirectory();
        await using (var store = await EmbeddedStore.StartAsync(
            new EmbeddedStoreOptions { Folder = folder.FullName, Port = 0 }, NullLoggerFactory.Instance))
        {
            await using var client = await ConnectAsync(store);
            await Eventually.HoldsAsync(
                () => client.GetDatabase().KeyExists("grid/store/probe"), "the probe was written", Patience, Cancellation);
            Assert.Equal(TimeSpan.Zero, store.FailingFor);
        }

        folder.Delete(recursive: true);
    }

    private static Task<ConnectionMultiplexer> ConnectAsync(EmbeddedStore store) =>
        ConnectionMultiplexer.ConnectAsync(
            new ConfigurationOptions { EndPoints = { store.Local.Address }, Password = store.Local.Password });

    private static void Fill(string file)
    {
        using var stream = new FileStream(file, FileMode.Create);
        try
        {
            var block = new byte[64 << 10];
            while (true)
            {
                stream.Write(block);
                stream.Flush();
            }
        }
        catch (IOException)
        {
            // It is full.
        }
    }

    private static async Task RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments))!;
        await process.WaitForExitAsync(Cancellation);
        Assert.Equal(0, process.ExitCode);
    }
}
