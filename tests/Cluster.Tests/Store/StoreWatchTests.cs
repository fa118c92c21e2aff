using System.Runtime.CompilerServices;
using Grid.Cluster.Store;
using Grid.TestUtilities.Waiting;
using Microsoft.Extensions.Logging.Abstractions;

namespace Grid.Cluster.Tests.Store;

public sealed class StoreWatchTests
{
    [Fact]
    public async Task Changed_EmptiedStore_IsLostForOneAndReplacedForTheOther()
    {
        await using var bed = await StoreBed.StartAsync();
        await using var first = await StartAsync(bed);
        await using var second = await StartAsync(bed);
        Assert.Equal(first.Incarnation, second.Incarnation);
        var before = first.Incarnation;
        var news = Task.WhenAll(NewsOf(first), NewsOf(second));

        await bed.FlushAsync();

        var changes = await news.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
        Assert.Contains(StoreChange.Lost, changes);
        Assert.Equal(first.Incarnation, second.Incarnation);
        Assert.NotEqual(before, first.Incarnation);
    }

    [Fact]
    public async Task Changed_StoreThatLacksTheLastBeats_IsOlder()
    {
        await using var bed = await StoreBed.StartAsync();
        await bed.Connection.Database.HashIncrementAsync("grid/store", "beats", 5);
        await using var watch = await StartAsync(bed);
        var before = watch.Incarnation;
        var news = NewsOf(watch);

        await bed.Connection.Database.HashSetAsync("grid/store", "beats", 1);

        Assert.Equal(StoreChange.Older, await news.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken));
        Assert.NotEqual(before, watch.Incarnation);
    }

    [Fact]
    public async Task Healthy_RestartWithFiles_IsTheSameStoreAgain()
    {
        await using var bed = await StoreBed.StartAsync();
        await using var watch = await StartAsync(bed);
        var before = watch.Incarnation;
        var news = NewsOf(watch);

        await bed.Server.KillAsync();
        await WaitForAsync(() => !watch.Healthy);
        await bed.Server.StartAsync();
        await WaitForAsync(() => watch.Healthy);

        Assert.Equal(before, watch.Incarnation);
        Assert.False(news.IsCompleted);
    }

    private static Task<StoreWatch> StartAsync(StoreBed bed) =>
        StoreWatch.StartAsync(bed.Connection, "grid", TimeProvider.System, NullLoggerFactory.Instance);

    private static Task<StoreChange> NewsOf(StoreWatch watch)
    {
        var source = new TaskCompletionSource<StoreChange>(TaskCreationOptions.RunContinuationsAsynchronously);
        watch.Changed += change => source.TrySetResult(change);
        return source.Task;
    }

    private static Task WaitForAsync(Func<bool> condition, [CallerArgumentExpression(nameof(condition))] string what = "") =>
        Eventually.HoldsAsync(condition, what, TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
}
