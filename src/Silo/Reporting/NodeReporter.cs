using System.Threading.Channels;
using Grid.Abstractions.Grains;
using Grid.Silo.Shards;

namespace Grid.Silo.Reporting;

/// <summary>
/// Reports to the grid each second, and at each change, all that this node is and holds, and asks it which models' files to look at. The
/// reports of any node bring the grid grain up, and up again where its silo is lost. Lives as long as the ShardHost, whatever becomes of
/// the silo.
/// </summary>
public sealed class NodeReporter : IAsyncDisposable
{
    private const int TicksBetweenLooks = 10;
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(5);

    private readonly Channel<bool> _due =
        Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly CancellationTokenSource _stopping = new();
    private readonly ShardHost _host;
    private readonly Func<ClusterLink?> _link;
    private readonly ILogger _logger;
    private readonly TimeProvider _time;
    private readonly Task _sending;
    private readonly Task _ticking;
    private string[] _sources = [];

    /// <summary>Starts to report.</summary>
    /// <param name="host">The host that it reports on.</param>
    /// <param name="link">The silo that runs now; null if there is none, and nothing is sent.</param>
    /// <param name="logger">The log of reports that could not be sent.</param>
    /// <param name="timeProvider">The clock of the reports; null for the system's.</param>
    public NodeReporter(ShardHost host, Func<ClusterLink?> link, ILogger logger, TimeProvider? timeProvider = null)
    {
        (_host, _link, _logger, _time) = (host, link, logger, timeProvider ?? TimeProvider.System);
        _host.Changed += MarkDue;
        _sending = Task.Run(SendAsync);
        _ticking = Task.Run(TickAsync);
    }

    /// <summary>Stops to report.</summary>
    public async ValueTask DisposeAsync()
    {
        _host.Changed -= MarkDue;
        await _stopping.CancelAsync();
        await Task.WhenAll(_sending, _ticking);
        _stopping.Dispose();
    }

    private void MarkDue() => _due.Writer.TryWrite(true);

    private async Task TickAsync()
    {
        using var timer = new PeriodicTimer(Period, _time);
        var looking = Task.CompletedTask;
        try
        {
            for (var tick = 0; ; tick++)
            {
                MarkDue();
                if (looking.IsCompleted) looking = LookAsync(tick % TicksBetweenLooks == 0);
                await timer.WaitForNextTickAsync(_stopping.Token);
            }
        }
        catch (OperationCanceledException)
        {
            await looking;
        }
    }

    private async Task SendAsync()
    {
        try
        {
            await foreach (var _ in _due.Reader.ReadAllAsync(_stopping.Token))
                await SendOneAsync();
        }
        catch (OperationCanceledException)
        {
            // Stopping.
        }
    }

    private async Task SendOneAsync()
    {
        if (_link() is not { } link) return;
        try
        {
            _host.SiloAddress = link.SiloAddress;
            // The end of a failed engine's shards is what asks for this report: it is to say what the engine failed with.
            _host.CheckEngines();
            // A call over a silo that is stopped meanwhile is never answered, and must not end all reports.
            await link.Grains.GetGrain<IGridGrain>(GrainKeys.Grid).ReportNode(_host.GetReport())
                .WaitAsync(AnswerTimeout, _time, _stopping.Token);
        }
        catch (Exception e)
        {
            // The next one carries all of it again.
            _logger.ReportNotSent(e);
        }
    }

    private async Task LookAsync(bool again)
    {
        if (_link() is not { } link) return;
        try
        {
            var sources = await link.Grains.GetGrain<IGridGrain>(GrainKeys.Grid).GetSources()
                .WaitAsync(AnswerTimeout, _time, _stopping.Token);
            if (!again && sources.SequenceEqual(_sources)) return;
            _sources = sources;
            if (await _host.Sources.LookAsync(sources)) _host.RaiseChanged();
        }
        catch (Exception e)
        {
            _logger.SourcesNotRead(e);
        }
    }
}
