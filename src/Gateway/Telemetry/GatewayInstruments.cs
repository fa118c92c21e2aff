using System.Diagnostics.Metrics;

namespace Grid.Gateway.Telemetry;

/// <summary>A gateway's metrics.</summary>
internal sealed class GatewayInstruments : IDisposable
{
    public const string MeterName = "Grid.Gateway";

    /// <summary>The label of requests for a model that the grid does not have.</summary>
    public const string UnknownModel = "unknown";

    private static readonly double[] Seconds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120];

    private readonly Meter _meter = new(MeterName);
    private readonly Counter<long> _requests;
    private readonly Counter<long> _dispatches;
    private readonly Counter<long> _retries;
    private readonly Counter<long> _resumes;
    private readonly Counter<long> _inexact;
    private readonly Counter<long> _prefixQueries;
    private readonly Counter<long> _prefixHits;
    private readonly Histogram<double> _gap;
    private readonly Histogram<double> _wait;

    public GatewayInstruments()
    {
        _requests = _meter.CreateCounter<long>("grid:gateway_requests", "{request}", "Requests that ended, by model and status.");
        _dispatches = _meter.CreateCounter<long>("grid:gateway_dispatches", "{request}", "Requests sent to a rank.");
        _retries = _meter.CreateCounter<long>(
            "grid:gateway_retries", "{request}", "Requests sent to another rank before their first event, by reason.");
        _resumes = _meter.CreateCounter<long>(
            "grid:gateway_resumes", "{request}", "Answers resumed at another rank after their first event, by reason.");
        _inexact = _meter.CreateCounter<long>(
            "grid:gateway_inexact_resumes", "{request}", "Answers resumed at a rank with other numerics.");
        _prefixQueries = _meter.CreateCounter<long>(
            "grid:gateway_prefix_queries", "{token}", "Estimated prompt tokens of requests that produced a token.");
        _prefixHits = _meter.CreateCounter<long>(
            "grid:gateway_prefix_hits", "{token}", "Prompt tokens that ranks found in their prefix caches.");
        _gap = Histogram("grid:gateway_resume_gap_seconds", "Time between the last event from one rank and the first from the next.");
        _wait = Histogram("grid:gateway_queue_wait_seconds", "Time that requests waited for a rank.");
    }

    public void Ended(string model, int status) => _requests.Add(1, new("model_name", model), new("code", status));

    public void Dispatched(string rank, string node) => _dispatches.Add(1, new("rank", rank), new("node", node));

    public void Retried(string model, string reason) => _retries.Add(1, new("model_name", model), new("reason", reason));

    public void Resumed(string model, string reason) => _resumes.Add(1, new("model_name", model), new("reason", reason));

    public void Inexact(string model) => _inexact.Add(1, new KeyValuePair<string, object?>("model_name", model));

    public void Gap(string model, TimeSpan gap) => _gap.Record(gap.TotalSeconds, new KeyValuePair<string, object?>("model_name", model));

    public void Waited(string model, TimeSpan wait) =>
        _wait.Record(wait.TotalSeconds, new KeyValuePair<string, object?>("model_name", model));

    public void PrefixFound(string model, long promptTokens, int cachedTokens)
    {
        var tag = new KeyValuePair<string, object?>("model_name", model);
        _prefixQueries.Add(Math.Max(promptTokens, cachedTokens), tag);
        _prefixHits.Add(cachedTokens, tag);
    }

    public void ObserveQueues(Func<IEnumerable<(string Model, int Count)>> queues) => _meter.CreateObservableGauge(
        "grid:gateway_queue_requests",
        () => queues().Select(queue => new Measurement<int>(queue.Count, new KeyValuePair<string, object?>("model_name", queue.Model))),
        "{request}",
        "Requests that wait for a rank.");

    public void ObserveTable(Func<long> version, Func<TimeSpan> age)
    {
        _meter.CreateObservableGauge("grid:gateway_table_version", version, "1", "Version of the routing table.");
        _meter.CreateObservableGauge(
            "grid:gateway_table_age_seconds", () => age().TotalSeconds, "s", "Time since the routing table was last confirmed.");
    }

    public void ObserveInFlight(Func<IEnumerable<(string Rank, string Node, int Count)>> ranks) => _meter.CreateObservableGauge(
        "grid:gateway_in_flight",
        () => ranks().Select(rank => new Measurement<int>(rank.Count, new("rank", rank.Rank), new("node", rank.Node))),
        "{request}",
        "Requests at a rank.");

    public void Dispose() => _meter.Dispose();

    private Histogram<double> Histogram(string name, string description) =>
        _meter.CreateHistogram(name, "s", description, advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = Seconds });
}
