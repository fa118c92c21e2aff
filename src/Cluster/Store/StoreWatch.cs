using System.Globalization;
using Grid.Abstractions.Nodes;
using StackExchange.Redis;

namespace Grid.Cluster.Store;

/// <summary>
/// Asks the store each second whether it is there and still the one that this process knows. The store carries a random incarnation and a
/// count that members raise; an incarnation gone means a lost store, a lower count an older one, and either gets a new incarnation.
/// </summary>
public sealed class StoreWatch : IStoreState, IAsyncDisposable
{
    /// <summary>Time between two looks: 1 s.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    /// <summary>
    /// How many looks pass between two increments of the count by a member; an older store can hide at most that much time.
    /// </summary>
    internal const int LooksPerBeat = 5;
    private const int FirstLooks = 5;

    private static readonly RedisValue[] Fields = ["incarnation", "beats"];

    private readonly StoreConnection _store;
    private readonly RedisKey _key;
    private readonly ILogger _log;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _end = new();
    private long _beats;
    private int _looks;
    private Task _loop = Task.CompletedTask;

    private StoreWatch(StoreConnection store, string serviceId, TimeProvider time, ILoggerFactory logs)
    {
        (_store, _key, _time) = (store, $"{serviceId}/store", time);
        _log = logs.CreateLogger<StoreWatch>();
    }

    /// <inheritdoc/>
    public string Kind => _store.Access.Kind;

    /// <inheritdoc/>
    public bool Healthy { get; private set; }

    /// <inheritdoc/>
    public string? Incarnation { get; private set; }

    /// <summary>The store was lost, or is older; the incarnation is another.</summary>
    internal event Action<StoreChange>? Changed;

    /// <summary>Takes a first look and keeps looking.</summary>
    /// <exception cref="RedisException">The store does not answer.</exception>
    public static async Task<StoreWatch> StartAsync(StoreConnection store, string serviceId, TimeProvider time, ILoggerFactory logs)
    {
        var watch = new StoreWatch(store, serviceId, time, logs);
        await watch.LookFirstAsync();
        watch._loop = watch.RunAsync();
        return watch;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _loop;
        _end.Dispose();
    }

    /// <summary>A store that has just read its file back may be slow to answer its first write.</summary>
    private async Task LookFirstAsync()
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                await LookAsync();
                return;
            }
            catch (TimeoutException) when (tries < FirstLooks)
            {
                _log.StoreSlow(_store.Access.Address);
            }
        }
    }

    private async Task RunAsync()
    {
        using var timer = new PeriodicTimer(Period, _time);
        try
        {
            while (await timer.WaitForNextTickAsync(_end.Token)) await TryLookAsync();
        }
        catch (OperationCanceledException) when (_end.IsCancellationRequested)
        {
            // The process ends.
        }
    }

    private async Task TryLookAsync()
    {
        try
        {
            await LookAsync();
        }
        catch (Exception fault) when (fault is RedisException or TimeoutException)
        {
            if (Healthy) _log.StoreSilent(_store.Access.Address, fault.Message);
            Healthy = false;
        }
    }

    private async Task LookAsync()
    {
        var database = _store.Database;
        var values = await database.HashGetAsync(_key, Fields);
        var (found, beats) = ((string?)values[0], (long?)values[1] ?? 0);
        var change = found is null
            ? StoreChange.Lost
            : found != Incarnation ? StoreChange.Replaced : beats < _beats ? StoreChange.Older : (StoreChange?)null;
        if (change is StoreChange.Lost or StoreChange.Older) found = await RenewAsync(database, found);
        // Beats of another incarnation cannot be compared with this one's.
        _beats = change is null ? Math.Max(beats, _beats) : beats;
        if (_looks++ % LooksPerBeat == 0) _beats = await database.HashIncrementAsync(_key, Fields[1]);
        var first = Incarnation is null;
        (Incarnation, Healthy) = (found, true);
        if (change is not { } news || first) return;
        _log.StoreChanged(_store.Access.Address, TextOf(news), found);
        Changed?.Invoke(news);
    }

    /// <summary>Gives the store a new incarnation unless somebody else just did.</summary>
    private async Task<string?> RenewAsync(IDatabase database, string? found)
    {
        var renewal = database.CreateTransaction();
        renewal.AddCondition(found is null ? Condition.HashNotExists(_key, Fields[0]) : Condition.HashEqual(_key, Fields[0], found));
        _ = renewal.HashSetAsync(_key, Fields[0], Guid.NewGuid().ToString("N", CultureInfo.InvariantCulture));
        await renewal.ExecuteAsync();
        return await database.HashGetAsync(_key, Fields[0]);
    }

    private static string TextOf(StoreChange change) => change switch
    {
        StoreChange.Lost => "lost its data",
        StoreChange.Older => "went back to an older state",
        _ => "was found lost or older by another node",
    };
}
