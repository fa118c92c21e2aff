using Grid.Abstractions.Replicas;
using Grid.Engine.Serving;
using Grid.Grains.Records;
using Grid.Silo.Ranks;

namespace Grid.Silo.Shards;

/// <summary>One rank of this node at one epoch, as it loads, serves, drains and ends. Its ShardHost calls it in order.</summary>
internal sealed class HostedRank(ReplicaPlan plan, int number, RankRegistry registry, TimeProvider timeProvider) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _loading = new();
    private readonly TaskCompletionSource _loaded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private CancellationTokenSource _draining = new();
    private DateTimeOffset? _handOverAt;
    private ServedModel? _model;
    private Task? _unloading;
    private bool _begun;
    private readonly HandOverRoom _room = new();

    /// <summary>Which placing of the rank it is.</summary>
    public ShardVersion Version { get; } = ShardVersion.Of(plan, ShardId.DriverOf(number));

    /// <summary>Answers requests; null until it is loaded and after it is unloaded.</summary>
    public ServedRank? Served { get; private set; }

    /// <summary>Completes when the load has succeeded or failed; shards that follow the first wait for it.</summary>
    public Task Loaded => _loaded.Task;

    /// <summary>The number of streams that room is kept for, which other ranks hand over.</summary>
    public int ReservedRoom => _room.Reserved(timeProvider.GetUtcNow());

    /// <summary>Keeps room free until a hand-over; it outlives the activation of the grain that asks for it.</summary>
    /// <returns>The number of streams that there is room for.</returns>
    public int ReserveRoom(RankId leaving, int streams, DateTimeOffset until, RankStatus load) =>
        _room.Reserve(leaving, streams, until, load, timeProvider.GetUtcNow());

    /// <summary>Loads and registers the rank.</summary>
    public async Task LoadAsync(RankLoader loader, Action<double> progress)
    {
        _begun = true;
        try
        {
            _model = await loader.LoadAsync(plan, number, progress, _loading.Token);
            _loading.Token.ThrowIfCancellationRequested();
            Served = registry.Register(new RankIdentity(plan.Id, number, plan.Epoch, [plan.Model, .. plan.Spec.Aliases ?? []]), _model);
            _loaded.TrySetResult();
        }
        catch (Exception e)
        {
            Fail(e);
            throw;
        }
    }

    /// <summary>It will not be loaded: shards that follow the first fail with it.</summary>
    public void Fail(Exception reason)
    {
        _loaded.TrySetException(reason);
        // Seen, whether or not another shard follows.
        _ = _loaded.Task.Exception;
    }

    /// <summary>Takes new requests.</summary>
    public void Serve()
    {
        Restart(null);
        Served?.Accept();
    }

    /// <summary>Takes no new request; what runs at the deadline is handed over.</summary>
    public void Drain(DateTimeOffset? handOverAt)
    {
        if (Served is { } served) _ = DrainAsync(served, handOverAt, Restart(handOverAt));
    }

    /// <summary>Ends requests by the deadline, at once without one, and frees the weights. Repeating it moves the deadline.</summary>
    public Task UnloadAsync(DateTimeOffset? handOverAt)
    {
        lock (_gate)
        {
            Restart(handOverAt ?? DateTimeOffset.MinValue);
            return _unloading ??= UnloadAsync();
        }
    }

    public void Dispose()
    {
        _loading.Dispose();
        _draining.Dispose();
    }

    private async Task UnloadAsync()
    {
        await _loading.CancelAsync();
        if (!_begun) _loaded.TrySetCanceled();
        await _loaded.Task.ContinueWith(static _ => { }, TaskScheduler.Default);
        if (Served is { } served)
        {
            while (!await DrainAsync(served)) { }
            Served = null;
            await registry.UnregisterAsync(served);
        }

        if (_model is { } model) await model.DisposeAsync();
    }

    /// <returns>False where the deadline was moved meanwhile.</returns>
    private Task<bool> DrainAsync(ServedRank served)
    {
        lock (_gate) return DrainAsync(served, _handOverAt, _draining.Token);
    }

    private async Task<bool> DrainAsync(ServedRank served, DateTimeOffset? handOverAt, CancellationToken moved)
    {
        try
        {
            await served.DrainAsync(TimeUntil(handOverAt), moved);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private CancellationToken Restart(DateTimeOffset? handOverAt)
    {
        lock (_gate)
        {
            var before = _draining;
            _draining = new CancellationTokenSource();
            _handOverAt = handOverAt;
            before.Cancel();
            before.Dispose();
            return _draining.Token;
        }
    }

    private TimeSpan TimeUntil(DateTimeOffset? deadline)
    {
        if (deadline is not { } end) return Timeout.InfiniteTimeSpan;
        var left = end - timeProvider.GetUtcNow();
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }
}
