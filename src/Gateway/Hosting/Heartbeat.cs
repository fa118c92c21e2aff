using Grid.Abstractions.Routing;
using Grid.Gateway.Admission;
using Grid.Gateway.Forwarding;
using Grid.Gateway.Routing;
using Grid.Gateway.Tables;
using Grid.Gateway.Telemetry;

namespace Grid.Gateway.Hosting;

/// <summary>Puts new tables in force, looks after waiting requests, and reports to the grid each second.</summary>
internal sealed class Heartbeat : IAsyncDisposable
{
    private const int BeatsPerReport = 4;

    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(250);

    private readonly CancellationTokenSource _end = new();
    private readonly IRoutingTableSource _source;
    private readonly RoutingState _routing;
    private readonly AdmissionControl _admission;
    private readonly FailoverCounts _failovers;
    private readonly GatewayOptions _options;
    private readonly TimeProvider _timeProvider;
    private Task _loop = Task.CompletedTask;
    private string _url = "";

    public Heartbeat(
        GatewayOptions options,
        IRoutingTableSource source,
        RoutingState routing,
        AdmissionControl admission,
        FailoverCounts failovers,
        GatewayInstruments instruments,
        TimeProvider timeProvider)
    {
        (_options, _source, _routing, _admission, _failovers, _timeProvider) = (options, source, routing, admission, failovers,
            timeProvider);
        instruments.ObserveTable(() => routing.Current?.Table.Version ?? 0, () => source.Age);
        instruments.ObserveInFlight(() => routing.Ranks.Select(rank => (rank.Id, rank.Route.Node, rank.InFlight)));
        source.Changed += TakeTable;
        TakeTable();
        // A model that is scaled to zero is woken at once.
        admission.WaitBegan += () => _source.Report(Report());
    }

    /// <summary>Starts to beat.</summary>
    /// <param name="url">The gateway's base URL, for its reports.</param>
    public void Start(string url)
    {
        _url = url;
        _loop = RunAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _source.Changed -= TakeTable;
        await _end.CancelAsync();
        await _loop;
        _end.Dispose();
    }

    private void TakeTable()
    {
        if (_source.Current is { } table) _routing.Update(table);
        _admission.PumpAll();
    }

    private GatewayReport Report() => new(
        _options.Name,
        _url,
        _routing.Current?.Table.Version ?? 0,
        _source.Age.TotalSeconds,
        _admission.Queued,
        _routing.Ranks.Where(rank => rank.InFlight > 0)
            .GroupBy(rank => rank.Route.Node).ToDictionary(node => node.Key, node => node.Sum(rank => rank.InFlight)),
        _failovers.ByNode);

    private async Task RunAsync()
    {
        using var timer = new PeriodicTimer(Beat, _timeProvider);
        try
        {
            for (var beat = 0; await timer.WaitForNextTickAsync(_end.Token); beat++)
            {
                if (beat % BeatsPerReport == 0) _source.Report(Report());
                _admission.PumpAll();
            }
        }
        catch (OperationCanceledException)
        {
            // Disposed.
        }
    }
}
