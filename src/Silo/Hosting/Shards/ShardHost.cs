using Grid.Abstractions.Admin;
using Grid.Abstractions.Nodes;
using Grid.Abstractions.Replicas;
using Grid.Engine;
using Grid.Grains.Replicas;
using Grid.Grains.Shards;
using Grid.Grains.Store;
using Grid.Primitives.Ids;
using Grid.Silo.DataPlane;
using Grid.Silo.Directives;
using Grid.Silo.Hosting.Devices;
using Grid.Silo.Hosting.Files;
using Grid.Silo.Hosting.Shards.Experts;
using Grid.Silo.Ranks;

namespace Grid.Silo.Hosting.Shards;

/// <summary>
/// Holds the weights of the shards that are placed on this node. One a process, outside of its silo: a silo that restarts inside the process finds
/// all of it unchanged. Directives only record what is wanted; loads and drains go on behind them and show in <see cref="GetReport"/>.
/// </summary>
public sealed class ShardHost : IShardHost, IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly ShardTable _table = new();
    private readonly RankTable _ranks = new();
    private readonly Dictionary<string, HostedShard> _shards = [];
    private readonly HostedExperts _experts;
    private readonly ShardHostOptions _options;
    private readonly RankRegistry _registry;
    private readonly DeviceLedger _ledger;
    private readonly RankLoader _loader;
    private readonly ILogger _logger;
    private readonly TimeProvider _timeProvider;
    private long _sequence;
    private DateTimeOffset? _leaveBy;
    private bool _leaving;

    /// <summary>A node that holds nothing yet.</summary>
    /// <param name="options">Of the node.</param>
    /// <param name="registry">Answers requests from what is loaded.</param>
    /// <param name="logger">Told of loads and their failures.</param>
    /// <param name="timeProvider">Deadlines and engines; null: the system's.</param>
    public ShardHost(ShardHostOptions options, RankRegistry registry, ILogger logger, TimeProvider? timeProvider = null)
    {
        (_options, _registry, _logger) = (options, registry, logger);
        _timeProvider = timeProvider ?? TimeProvider.System;
        Sources = new SourceTable(options.Facts.Devices.FirstOrDefault() is { } first ? DeviceId.Parse(first.Id).Kind : DeviceKind.Cpu);
        _ledger = new DeviceLedger(options.Facts.Devices);
        _experts = new HostedExperts(options, RaiseChanged, logger);
        _loader = new RankLoader(options, Sources, _experts, logger, _timeProvider);
    }

    /// <summary>Raised after each change that a report shows, on any thread.</summary>
    public event Action? Changed;

    /// <summary>Orleans' address of the silo that runs now; empty: none.</summary>
    public string SiloAddress { get; set; } = "";

    /// <summary>Whether it holds and loads nothing.</summary>
    public bool IsEmpty
    {
        get
        {
            lock (_gate) return _table.Statuses().Length == 0;
        }
    }

    internal SourceTable Sources { get; }

    /// <inheritdoc/>
    public ShardStatus? Apply(ShardDirective directive)
    {
        var place = directive.Plan.Shards.FirstOrDefault(shard => shard.Shard == directive.Shard);
        if (place?.Incarnation != _options.Incarnation)
        {
            _logger.LogWarning("{Replica}/{Shard}@{Epoch} is meant for {Node} at incarnation {Other}, and this process is {Own}", directive.Plan.Id, directive.Shard, directive.Plan.Epoch, _options.Node, place?.Incarnation, _options.Incarnation);
            return null;
        }

        ShardStatus? held;
        lock (_gate)
        {
            foreach (var intent in _table.Apply(directive)) Start(intent);
            held = _table.StatusOf(directive.Plan.Id, ShardVersion.Of(directive), directive.Shard);
        }

        Changed?.Invoke();
        return held;
    }

    /// <inheritdoc/>
    public void Drain(string replica, long epoch, int rank, DateTimeOffset? handOverAt)
    {
        lock (_gate)
            _ranks.Find(replica, epoch, rank)?.Drain(handOverAt);
        Changed?.Invoke();
    }

    /// <inheritdoc/>
    public RankStatus? FindRank(string replica, long epoch, int rank)
    {
        lock (_gate) return _ranks.Find(replica, epoch, rank) is { } hosted ? StatusOf(hosted) : null;
    }

    /// <inheritdoc/>
    public NodeReport GetReport()
    {
        lock (_gate)
        {
            RankStatus[] ranks = [.. _ranks.All.Select(StatusOf).OfType<RankStatus>().OrderBy(rank => rank.Id, StringComparer.Ordinal)];
            return new NodeReport(
                _options.Node, _options.Incarnation, ++_sequence, SiloAddress, _options.Facts, _leaving, _leaveBy, _table.Statuses(), ranks, Sources.Found, _table.Plans(), _table.MaxEpoch, _experts.Lost is { Length: > 0 } lost ? lost : null);
        }
    }

    /// <inheritdoc/>
    public Task<LinkSpeed> ProbeAsync(string? endPoint) => new NodeProbe(_options.Facts.Devices, _options.DataPlane).RunAsync(endPoint);

    /// <summary>The process is to stop: reports ask the grid to empty this node.</summary>
    /// <param name="by">When it goes, empty or not.</param>
    public void Leave(DateTimeOffset? by)
    {
        lock (_gate) (_leaving, _leaveBy) = (true, by);
        Changed?.Invoke();
    }

    /// <summary>Hands over what runs and frees everything at once.</summary>
    public async ValueTask DisposeAsync()
    {
        HostedRank[] ranks;
        lock (_gate) ranks = [.. _ranks.All];
        await Task.WhenAll(ranks.Select(rank => rank.UnloadAsync(null)));
        HostedShard[] shards;
        lock (_gate) shards = [.. _shards.Values];
        await Task.WhenAll(shards.Select(shard => shard.DisposeAsync().AsTask()));
        await _experts.DisposeAsync();
        Sources.Dispose();
    }

    internal void RaiseChanged() => Changed?.Invoke();

    private static string Owner(ShardIntent intent) => $"{intent.Plan.Id}@{intent.Plan.Epoch}/{intent.Shard}";

    // The gate is held.
    private void Start(ShardIntent intent)
    {
        switch (intent.Kind)
        {
            case ShardIntentKind.Load:
                _ = LoadAsync(intent);
                break;
            case ShardIntentKind.Update:
                _experts.Update(intent.Plan);
                break;
            case ShardIntentKind.Serve when ShardNames.DrivenBy(intent.Shard) is not null:
                _ranks.Find(intent)?.Serve();
                break;
            case ShardIntentKind.Drain when ShardNames.DrivenBy(intent.Shard) is not null:
                _ranks.Find(intent)?.Drain(intent.HandOverAt);
                break;
            case ShardIntentKind.Unload:
                _ = UnloadAsync(intent);
                break;
        }
    }

    private async Task LoadAsync(ShardIntent intent)
    {
        var (plan, shard) = (intent.Plan, intent.Shard);
        try
        {
            var place = plan.Shards.First(place => place.Shard == shard);
            ShardLayout.Check(plan, shard, _options);
            if (ShardNames.IsExpert(shard))
            {
                _ledger.Reserve(Owner(intent), place.Device, place.ReservedBytes);
                await _experts.LoadAsync(plan, place);
                lock (_gate) _table.SetLoaded(plan.Id, intent.Version, shard);
                Changed?.Invoke();
                return;
            }

            var spread = ShardLayout.IsSpread(plan, shard) && !ShardLayout.IsSimulated(plan, place) ? AddShard(intent, place) : null;
            var rank = AddRank(intent);
            Reserve(intent, place, rank);
            if (ShardNames.DrivenBy(shard) is null)
            {
                // A simulated rank computes on its driver's node alone.
                if (spread is not null || !IsSpreadFollower(intent)) await (spread?.Loaded ?? rank.Loaded);
            }
            else
            {
                _logger.LogInformation("Loading {Replica}/{Shard} at epoch {Epoch} on {Device}", plan.Id, shard, plan.Epoch, place.Device);
                await rank.LoadAsync(_loader, progress => SetProgress(plan, progress));
            }

            SetLoaded(intent, rank);
        }
        catch (OperationCanceledException)
        {
            // It was told to unload meanwhile.
        }
        catch (Exception e)
        {
            _logger.LogError(e is ModelLoadException ? null : e, "Loading {Replica}/{Shard} at epoch {Epoch} failed: {Message}", plan.Id, shard, plan.Epoch, e.Message);
            lock (_gate) _table.SetFailed(plan.Id, intent.Version, shard, (e as ModelLoadException)?.Kind.ToString() ?? "LoadFailed", e.Message);
        }

        Changed?.Invoke();
    }

    private void Reserve(ShardIntent intent, ShardPlan place, HostedRank rank)
    {
        try
        {
            _ledger.Reserve(Owner(intent), place.Device, place.ReservedBytes);
        }
        catch (ModelLoadException e)
        {
            rank.Fail(e);
            throw;
        }
    }

    private HostedShard AddShard(ShardIntent intent, ShardPlan place)
    {
        var shard = new HostedShard(intent.Plan, place, _options.DataPlane!, _options.CpuThreads, _logger);
        lock (_gate) _shards.Add(Owner(intent), shard);
        _ = WatchAsync(intent, shard);
        return shard;
    }

    /// <summary>A shard that ends unasked has lost its driver: the whole rank is lost.</summary>
    private async Task WatchAsync(ShardIntent intent, HostedShard shard)
    {
        await shard.Ended;
        if (shard.Stopping) return;
        lock (_gate) _table.SetFailed(intent.Plan.Id, intent.Version, intent.Shard, "DriverLost", $"The driver of {intent.Plan.Id} is gone.");
        Changed?.Invoke();
    }

    private void SetLoaded(ShardIntent intent, HostedRank rank)
    {
        lock (_gate)
        {
            _table.SetLoaded(intent.Plan.Id, intent.Version, intent.Shard);
            if (ShardNames.DrivenBy(intent.Shard) is null || _table.StatusOf(intent.Plan.Id, intent.Version, intent.Shard) is not { State: ShardState.Draining }) return;
            rank.Drain(intent.HandOverAt);
        }
    }

    private async Task UnloadAsync(ShardIntent intent)
    {
        try
        {
            HostedRank? rank;
            lock (_gate) rank = ShardNames.DrivenBy(intent.Shard) is not null ? _ranks.Find(intent) : null;
            if (rank is not null) await rank.UnloadAsync(intent.HandOverAt);
            HostedShard? shard;
            lock (_gate) _shards.Remove(Owner(intent), out shard);
            if (shard is not null) await shard.DisposeAsync();
            if (ShardNames.IsExpert(intent.Shard)) await _experts.UnloadAsync(new ShardAddress(_options.Facts.DataPlane, intent.Plan.Id, intent.Plan.Epoch, intent.Shard, intent.Generation));
        }
        catch (Exception e)
        {
            _logger.LogError(e, "Unloading {Replica}/{Shard} at epoch {Epoch} failed", intent.Plan.Id, intent.Shard, intent.Plan.Epoch);
        }

        _ledger.Release(Owner(intent));
        var last = false;
        lock (_gate)
        {
            if (ShardNames.DrivenBy(intent.Shard) is not null || IsSpreadFollower(intent)) _ranks.Remove(intent);
            foreach (var next in _table.SetUnloaded(intent.Plan.Id, intent.Version, intent.Shard)) Start(next);
            last = !_table.Statuses().Any(status => status.Replica == intent.Plan.Id && status.Epoch == intent.Plan.Epoch && !ShardNames.IsExpert(status.Shard));
        }

        if (last) await _experts.DisconnectAsync(intent.Plan.Id, intent.Plan.Epoch);
        Changed?.Invoke();
    }

    private void SetProgress(ReplicaPlan plan, double progress)
    {
        lock (_gate)
            foreach (var shard in plan.Shards) _table.SetProgress(plan.Id, new ShardVersion(plan.Epoch, shard.Generation), shard.Shard, progress);
    }

    private RankStatus? StatusOf(HostedRank rank)
    {
        if (rank.Served is not { } served) return null;
        var (replica, first) = (served.Identity.Replica, ShardNames.FirstOf(served.Identity.Rank));
        if (served.Model.Engine.GetStatus().Failure is { } failure) _table.SetFailed(replica, rank.Version, first, "EngineFailed", failure);
        var before = served.LongWait;
        var status = served.GetStatus(_options.StuckAfter);
        if (served.LongWait is { } waits && waits != before) _logger.LogWarning("{Rank}: {Waits}", status.Id, waits);
        return _table.StatusOf(replica, rank.Version, first) is { } shard ? status with { State = shard.State } : status;
    }

    private HostedRank AddRank(ShardIntent intent)
    {
        lock (_gate) return _ranks.GetOrAdd(intent, number => new HostedRank(intent.Plan, number, _registry, _timeProvider));
    }

    // Its rank's driver is elsewhere: nothing here serves.
    private bool IsSpreadFollower(ShardIntent intent) =>
        ShardNames.RankOf(intent.Shard) is { } rank && intent.Plan.Shards.First(place => place.Shard == ShardNames.FirstOf(rank)).Incarnation != _options.Incarnation;
}
