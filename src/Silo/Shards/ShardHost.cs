using Grid.Abstractions.Events;
using Grid.Abstractions.Nodes;
using Grid.Abstractions.Replicas;
using Grid.Grains.Records;
using Grid.Grains.Shards;
using Grid.Silo.DataPlane;
using Grid.Silo.Directives;
using Grid.Silo.Files;
using Grid.Silo.Ranks;

namespace Grid.Silo.Shards;

/// <summary>
/// Holds the weights of the shards that are placed on this node. One a process, outside of its silo: a silo that restarts inside the
/// process finds all of it unchanged. Directives only record what is wanted; a <see cref="DirectiveExecutor"/> loads and drains behind
/// them, and <see cref="GetReport"/> shows how far it is.
/// </summary>
public sealed class ShardHost : IShardHost, IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly ShardTable _table = new();
    private readonly RankTable _ranks = new();
    private readonly HostedExperts _experts;
    private readonly ShardHostOptions _options;
    private readonly DirectiveExecutor _executor;
    private readonly ILogger _logger;
    private long _sequence;
    private DateTimeOffset? _leaveBy;
    private bool _leaving;

    /// <summary>A node that holds nothing yet.</summary>
    /// <param name="options">The options of the node.</param>
    /// <param name="registry">Answers requests from what is loaded.</param>
    /// <param name="logger">The log of loads and their failures.</param>
    /// <param name="timeProvider">The clock of deadlines and engines; null for the system's.</param>
    public ShardHost(ShardHostOptions options, RankRegistry registry, ILogger logger, TimeProvider? timeProvider = null)
    {
        (_options, _logger) = (options, logger);
        var time = timeProvider ?? TimeProvider.System;
        Sources = new SourceTable(
            options.Facts.Devices.FirstOrDefault() is { } first ? first.Id.Kind : DeviceKind.Cpu);
        _experts = new HostedExperts(options, RaiseChanged, logger);
        var loader = new RankLoader(options, Sources, _experts, logger, time);
        _executor = new DirectiveExecutor(options, _gate, _table, _ranks, _experts, loader,
            plan => (number => new HostedRank(plan, number, registry, time)), RaiseChanged, logger);
    }

    /// <summary>Raised after each change that a report shows, on any thread.</summary>
    public event Action? Changed;

    /// <summary>Orleans' address of the silo that runs now; empty if there is none.</summary>
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
            _logger.DirectiveForOtherProcess(
                directive.Plan.Id, directive.Shard, directive.Plan.Epoch, place?.Incarnation, _options.Node, _options.Incarnation);
            return null;
        }

        ShardStatus? held;
        lock (_gate)
        {
            foreach (var intent in _table.Apply(directive)) _executor.Start(intent);
            held = _table.StatusOf(directive.Plan.Id, ShardVersion.Of(directive), directive.Shard);
        }

        Changed?.Invoke();
        return held;
    }

    /// <inheritdoc/>
    public RankStatus? FindRank(RankId rank, long epoch)
    {
        lock (_gate) return _ranks.Find(rank.Replica, epoch, rank.Number) is { } hosted ? StatusOf(hosted) : null;
    }

    /// <inheritdoc/>
    public int ReserveRoom(RankId rank, long epoch, RankId leaving, int streams, DateTimeOffset until)
    {
        var granted = 0;
        lock (_gate)
            if (_ranks.Find(rank.Replica, epoch, rank.Number) is { } hosted && StatusOf(hosted) is { } load)
                granted = hosted.ReserveRoom(leaving, streams, until, load);
        Changed?.Invoke();
        return granted;
    }

    /// <inheritdoc/>
    public NodeReport GetReport()
    {
        lock (_gate)
        {
            RankStatus[] ranks =
                [.. _ranks.All.Select(StatusOf).OfType<RankStatus>().OrderBy(rank => rank.Id.ToString(), StringComparer.Ordinal)];
            return new NodeReport(
                _options.Node, _options.Incarnation, ++_sequence, SiloAddress, _options.Facts, _leaving, _leaveBy, _table.Statuses(), ranks,
                Sources.Found, _table.Plans(), _table.MaxEpoch, _experts.Lost is { Length: > 0 } lost ? lost : null);
        }
    }

    /// <summary>
    /// Marks the shards of engines that have stopped as failed, and logs what the step of a rank has begun to wait for. To be called
    /// before each report.
    /// </summary>
    public void CheckEngines()
    {
        lock (_gate)
            foreach (var rank in _ranks.All) CheckEngine(rank);
    }

    /// <inheritdoc/>
    public Task<LinkSpeed> ProbeAsync(string? endPoint) => new NodeProbe(_options.Facts.Devices, _options.DataPlane).RunAsync(endPoint);

    /// <summary>The process has to stop: reports ask the grid to drain this node.</summary>
    /// <param name="by">When it stops, empty or not.</param>
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
        await _executor.DisposeAsync();
        await _experts.DisposeAsync();
        Sources.Dispose();
    }

    internal void RaiseChanged() => Changed?.Invoke();

    // The gate is held.
    private void CheckEngine(HostedRank rank)
    {
        if (rank.Served is not { } served) return;
        var (failure, wait) = served.Check();
        if (wait is not null) _logger.RankWaits(served.Id, wait);
        // The end of the engine's own shards may have been seen first: what the engine failed with says more.
        if (failure is null || Held(rank, served) is not { State: not ShardState.Stopping, Reason: not EventReasons.EngineFailed }) return;
        _logger.EngineStopped(served.Id, failure);
        _table.SetFailed(served.Identity.Replica, rank.Version, ShardId.DriverOf(served.Identity.Rank), EventReasons.EngineFailed, failure);
    }

    private RankStatus? StatusOf(HostedRank rank)
    {
        if (rank.Served is not { } served) return null;
        var status = served.GetStatus(_options.StuckAfter) with { Reserved = rank.ReservedRoom };
        return status.State != ShardState.Failed && Held(rank, served)?.State is { } state ? status with { State = state } : status;
    }

    private ShardStatus? Held(HostedRank rank, ServedRank served) =>
        _table.StatusOf(served.Identity.Replica, rank.Version, ShardId.DriverOf(served.Identity.Rank));
}
