using Grid.Abstractions.Routing;
using Grid.Gateway.Admission;
using Grid.Gateway.Forwarding;
using Grid.Gateway.Routing;
using Grid.Gateway.Telemetry;

namespace Grid.Gateway.Hosting;

/// <summary>Takes new tables in, looks after those who wait, and tells the grid each second how the gateway is.</summary>
internal sealed class Heartbeat : IAsyncDisposable
{
    private const int BeatsPerReport = 4;

    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(250);

    private readonly CancellationTokenSource _end = new();
    private readonly IRoutingTableSource _source;
    private readonly RouteBook _book;
    private readonly AdmissionControl _admission;
    private readonly GenerationRelay _relay;
    private readonly GatewayOptions _options;
    private readonly TimeProvider _timeProvider;
    private Task _loop = Task.CompletedTask;
    private string _url = "";

    public Heartbeat(
        GatewayOptions options, IRoutingTableSource source, RouteBook book, AdmissionControl admission, GenerationRelay relay, GatewayInstruments instruments, TimeProvider timeProvider)
    {
        (_options, _source, _book, _admission, _relay, _timeProvider) = (options, source, book, admission, relay, timeProvider);
        instruments.ObserveTable(() => book.Current?.Table.Version ?? 0, () => source.Age);
        instruments.ObserveInFlight(() => Ranks);
        source.Changed += TakeTable;
        TakeTable();
        // A model that sleeps is woken at once.
        admission.WaitBegan += () => _source.Report(Report());
    }

    private IEnumerable<RankState> Ranks => _book.Current?.Models.Values.Distinct().SelectMany(model => model.Ranks) ?? [];

    /// <param name="url">Of the gateway's API.</param>
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
        if (_source.Current is { } table) _book.Update(table);
        _admission.PumpAll();
    }

    private GatewayReport Report() => new(
        _options.Name,
        _url,
        _book.Current?.Table.Version ?? 0,
        _source.Age.TotalSeconds,
        _admission.Queued,
        Ranks.Where(rank => rank.InFlight > 0).GroupBy(rank => rank.Route.Node).ToDictionary(node => node.Key, node => node.Sum(rank => rank.InFlight)),
        _relay.Resumed);

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
            // The end.
        }
    }
}
