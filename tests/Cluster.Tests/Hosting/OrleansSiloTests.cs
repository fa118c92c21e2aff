using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Grid.Cluster.Hosting;
using Grid.Cluster.Tests.Store;
using Grid.TestUtilities.Stores;
using Grid.TestUtilities.Waiting;
using Microsoft.Extensions.DependencyInjection;
using StackExchange.Redis;

namespace Grid.Cluster.Tests.Hosting;

public sealed partial class OrleansSiloTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Client_StoreEmptied_IsAnotherInTheSameProcess()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var bed = await SiloBed.StartAsync(redis, "a");
        var address = bed.Silo.SiloAddress;
        Assert.Equal(1, await bed.Grain("x").Count());

        await bed.Settings.Store.Database.ExecuteAsync("FLUSHALL");
        await WaitForAsync(() => bed.Silo.Client is not null && bed.Silo.SiloAddress != address);

        Assert.Equal(bed.Silo.SiloAddress, await bed.Grain("x").Where());
        Assert.Equal(1, await bed.Grain("x").Count());
        Assert.False(bed.Silo.Ended.IsCompleted);
    }

    [Fact]
    public async Task Client_StoreRestartedWithItsFile_StaysTheSame()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var bed = await SiloBed.StartAsync(redis, "a");
        var client = bed.Silo.Client;
        Assert.Equal(1, await bed.Grain("x").Count());

        await redis.KillAsync();
        Assert.Equal(bed.Silo.SiloAddress, await bed.Grain("x").Where());
        await redis.StartAsync();

        await WaitForAsync(() => bed.Settings.Store.Multiplexer.IsConnected);
        Assert.Equal(2, await bed.Grain("x").Count());
        Assert.Same(client, bed.Silo.Client);
    }

    [Fact]
    public async Task Ended_RowSaysDead_TellsIt()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var judge = await SiloBed.StartAsync(redis, "a");
        await using var bed = await SiloBed.StartAsync(redis, "b");

        await DeclareDeadAsync(judge, bed.Silo.SiloAddress!);

        Assert.Equal(SiloEnd.DeclaredDead, await bed.Silo.Ended.WaitAsync(Patience, TestContext.Current.CancellationToken));
        Assert.Null(bed.Silo.Client);
        Assert.False(judge.Silo.Ended.IsCompleted);
    }

    [Fact]
    public async Task Lookup_EntryOfASiloOutsideTheTable_IsReplaced()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var bed = await SiloBed.StartAsync(redis, "a");
        await bed.Grain("x").Where();
        var database = bed.Settings.Store.Database;
        var template = await database.StringGetAsync(EntryOf(database, "x"));
        var ghost = SiloOfEntry().Replace(template.ToString(), "\"SiloAddress\":\"127.0.0.1:1@1\"")
            .Replace("/x", "/y", StringComparison.Ordinal);
        Assert.NotEqual(template.ToString().Replace("/x", "/y", StringComparison.Ordinal), ghost);
        await database.StringSetAsync(EntryOf(database, "x").ToString().Replace("/x", "/y", StringComparison.Ordinal), ghost);

        var where = await bed.Grain("y").Where().WaitAsync(Patience, TestContext.Current.CancellationToken);

        Assert.Equal(bed.Silo.SiloAddress, where);
        Assert.DoesNotContain("127.0.0.1:1@1", (await database.StringGetAsync(EntryOf(database, "y"))).ToString());
    }

    [Fact]
    public async Task Client_Gateway_ReachesTheGrainsOfASiloThatCameLater()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var connection = await StoreBed.ConnectAsync(redis);
        await using var client = OrleansClient.Start(new ClusterSettings { ClusterId = "test", Store = connection });
        await using var bed = await SiloBed.StartAsync(redis, "a");

        var found =
            await client.WaitAsync(TestContext.Current.CancellationToken).WaitAsync(Patience, TestContext.Current.CancellationToken);

        Assert.Equal(bed.Silo.SiloAddress, await found.GetGrain<IWhereGrain>("x").Where());
    }

    [GeneratedRegex("\"SiloAddress\":\"[^\"]*\"")]
    private static partial Regex SiloOfEntry();

    private static RedisKey EntryOf(IDatabase database, string key) =>
        database.Multiplexer.GetServers()[0].Keys(pattern: $"test/directory/*where/{key}").Single();

    private static async Task DeclareDeadAsync(SiloBed judge, string silo)
    {
        var table = judge.Silo.Services.GetRequiredService<IMembershipTable>();
        var view = await table.ReadAllAsync();
        var (entry, etag) = view.Members.Single(member => member.Item1.SiloAddress.ToParsableString() == silo);
        entry.Status = SiloStatus.Dead;
        Assert.True(await table.UpdateRowAsync(entry, etag, view.Version.Next()));
    }

    private static Task WaitForAsync(Func<bool> condition, [CallerArgumentExpression(nameof(condition))] string what = "") =>
        Eventually.HoldsAsync(condition, what, Patience, TestContext.Current.CancellationToken);
}
