using Grid.Abstractions.Grains;
using Grid.Abstractions.Routing;

namespace Grid.Gateway.Tables;

/// <summary>
/// Tables of the grid grain: pushed to an observer, and polled each second for what a push has lost. The last one stays while the grid is
/// unreachable.
/// </summary>
internal sealed class GrainRoutingTableSource : IRoutingTableSource, IRoutingTableObserver, IAsyncDisposable
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(1);

    // The grain forgets an observer after a minute.
    private static readonly TimeSpan RenewInterval = TimeSpan.FromSeconds(20);

    private readonly Lock _gate = new();
    private readonly IGrainFactory _grains;
    private readonly TimeProvider _timeProvider;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _end = new();
    private readonly Task _loop;
    private volatile RoutingTable? _current;
    private long _confirmed;
    private bool _unreachable;

    private GrainRoutingTableSource(IGrainFactory grains, ILogger logger, TimeProvider timeProvider)
    {
        (_grains, _logger, _timeProvider) = (grains, logger, timeProvider);
        _loop = Task.Run(PollAsync);
    }

    /// <inheritdoc/>
    public event Action? Changed;

    /// <inheritdoc/>
    public RoutingTable? Current => _current;

    /// <inheritdoc/>
    public TimeSpan Age => _current is null ? TimeSpan.Zero : _timeProvider.GetElapsedTime(Volatile.Read(ref _confirmed));

    private IGridGrain Grid => _grains.GetGrain<IGridGrain>(GrainKeys.Grid);

    /// <summary>Subscribes, and polls until it is disposed.</summary>
    /// <param name="grains">An Orleans client; its response timeout bounds each poll.</param>
    /// <param name="logger">The log of when the grid becomes unreachable and reachable again.</param>
    /// <param name="timeProvider">The clock of the polls; null for the system's.</param>
    public static GrainRoutingTableSource Start(IGrainFactory grains, ILogger logger, TimeProvider? timeProvider = null) =>
        new(grains, logger, timeProvider ?? TimeProvider.System);

    /// <inheritdoc/>
    public Task Push(RoutingTable table)
    {
        Take(table);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public void Report(GatewayReport report) => _ = ReportAsync(report);

    /// <summary>Ends the polls.</summary>
    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _loop;
        _end.Dispose();
    }

    private async Task ReportAsync(GatewayReport report)
    {
        try
        {
            await Grid.ReportGateway(report);
        }
        catch (Exception exception)
        {
            _logger.ReportLost(exception);
        }
    }

    private void Take(RoutingTable table)
    {
        lock (_gate)
        {
            Volatile.Write(ref _confirmed, _timeProvider.GetTimestamp());
            if (!TableOrder.IsNewer(table, _current)) return;
            _current = table;
        }

        Changed?.Invoke();
    }

    private async Task PollAsync()
    {
        using var timer = new PeriodicTimer(PollInterval, _timeProvider);
        IRoutingTableObserver? reference = null;
        long? renewed = null;
        do
        {
            try
            {
                // A client that is stopped meanwhile never answers: the end of this source ends the wait.
                reference ??= _grains.CreateObjectReference<IRoutingTableObserver>(this);
                if (renewed is null || _timeProvider.GetElapsedTime(renewed.Value) > RenewInterval)
                {
                    await Grid.Subscribe(reference).WaitAsync(_end.Token);
                    renewed = _timeProvider.GetTimestamp();
                }

                var known = _current;
                var table = await Grid.GetRoutingTable(known?.Grid, known?.Version ?? 0).WaitAsync(_end.Token);
                if (table is not null) Take(table);
                else Volatile.Write(ref _confirmed, _timeProvider.GetTimestamp());
                if (_unreachable) _logger.GridReachable();
                _unreachable = false;
            }
            catch (OperationCanceledException) when (_end.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                // A grid that comes back has lost its observers.
                renewed = null;
                if (!_unreachable) _logger.GridUnreachable(exception);
                _unreachable = true;
            }
        }
        while (await WaitAsync(timer));
    }

    private async Task<bool> WaitAsync(PeriodicTimer timer)
    {
        try
        {
            return await timer.WaitForNextTickAsync(_end.Token);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
