using System.Diagnostics.Metrics;
using Grid.Engine.Collectives;
using Grid.Engine.Experts;
using Grid.Engine.Requests;
using Grid.Primitives.Ids;

namespace Grid.Engine.Serving;

/// <summary>
/// An engine's metrics under vLLM's names, without the <c>_total</c> that Prometheus adds to counters. Counters and gauges are observed,
/// so a listener that comes late sees them whole; bucket boundaries are in the instruments' advice.
/// </summary>
public sealed class EngineInstruments : IDisposable
{
    /// <summary>Name of the meter; each engine has one, and its measurements carry <c>model_name</c> and <c>engine</c>.</summary>
    public const string MeterName = "Grid.Engine";

    private readonly Meter _meter = new(MeterName);
    private readonly KeyValuePair<string, object?>[] _tags;
    private readonly Histogram<double> _timeToFirstToken;
    private readonly Histogram<double> _interTokenLatency;
    private readonly Histogram<long> _iterationTokens;
    private readonly FinishedRequestInstruments _finished;
    private long _promptTokens;
    private long _generationTokens;
    private long _prefixCacheQueries;
    private long _prefixCacheHits;

    internal EngineInstruments(string modelName, int engine, int maxModelLen, Func<EngineStatus> status)
    {
        _tags = [new("model_name", modelName), new("engine", engine.ToString())];
        Gauge("vllm:num_requests_running", "{request}", "Requests in the running set.", () => status().Running);
        Gauge("vllm:num_requests_waiting", "{request}", "Requests in the waiting queue.", () => status().Waiting);
        Gauge("vllm:kv_cache_usage_perc", "1", "Share of the KV cache that requests own, 0 to 1.", () => status().KVCacheUsage);
        Counter("vllm:num_preemptions", "Preemptions.", () => status().Preemptions);
        Counter("vllm:prefix_cache_queries", "Prompt tokens looked up in the prefix cache.", () => Volatile.Read(ref _prefixCacheQueries));
        Counter("vllm:prefix_cache_hits", "Prompt tokens found in the prefix cache.", () => Volatile.Read(ref _prefixCacheHits));
        Counter("vllm:prompt_tokens", "Prompt tokens of requests that gave a token.", () => Volatile.Read(ref _promptTokens));
        Counter("vllm:generation_tokens", "Tokens drawn.", () => Volatile.Read(ref _generationTokens));
        _timeToFirstToken = Histogram("vllm:time_to_first_token_seconds", "s", "From the submission to the first token.",
            HistogramBuckets.TimeToFirstToken);
        _interTokenLatency =
            Histogram("vllm:inter_token_latency_seconds", "s", "Between two tokens of a request.", HistogramBuckets.InterTokenLatency);
        _iterationTokens = Histogram("vllm:iteration_tokens_total", "{token}", "Tokens of a step.", HistogramBuckets.IterationTokens);
        _finished = new(_meter, _tags, maxModelLen);
    }

    /// <summary>Ends the meter.</summary>
    public void Dispose() => _meter.Dispose();

    internal void ObserveBubbleShare(Func<double> share) =>
        Gauge("grid:pipeline_bubble_share", "1", "Share of the shards' time that they waited while steps were in flight, 0 to 1.", share);

    internal void ObserveCollectives(IReadOnlyList<(string Shard, CollectiveTimes Times)> shards) =>
        _ = new CollectiveInstruments(_meter, _tags, shards);

    internal void ObserveExperts(ExpertUsage use)
    {
        KeyValuePair<string, object?>[][] shards = [
            .. Enumerable.Range(0, use.Shards)
            .Select(shard => (KeyValuePair<string, object?>[])[.. _tags, new("shard", ExpertShardId.NameOf(shard))])];
        _meter.CreateObservableCounter("grid:expert_load",
            () => shards.Select((tags, shard) => new Measurement<long>(use.RowsOf(shard), tags)), "{row}",
            "Rows that this rank sent to each expert shard.");
        Counter("grid:expert_stalls", "Steps' waits for lost expert shards.", () => use.Stalls);
        _meter.CreateObservableCounter("grid:expert_stall_seconds", () => new Measurement<double>(use.StallTime.TotalSeconds, _tags), "s",
            "Time that steps waited for lost expert shards.");
        Gauge("grid:expert_stall_longest_seconds", "s", "The longest of these waits.", () => use.LongestStall.TotalSeconds);
    }

    internal void RecordStep(int tokens, long prefixCacheQueries, long prefixCacheHits)
    {
        _iterationTokens.Record(tokens, _tags);
        Volatile.Write(ref _prefixCacheQueries, prefixCacheQueries);
        Volatile.Write(ref _prefixCacheHits, prefixCacheHits);
    }

    internal void RecordFirstToken(int promptTokens, TimeSpan sinceArrival)
    {
        Interlocked.Add(ref _promptTokens, promptTokens);
        Interlocked.Increment(ref _generationTokens);
        _timeToFirstToken.Record(sinceArrival.TotalSeconds, _tags);
    }

    internal void RecordToken(TimeSpan sinceLast)
    {
        Interlocked.Increment(ref _generationTokens);
        _interTokenLatency.Record(sinceLast.TotalSeconds, _tags);
    }

    internal void RecordFinished(Request request, FinishReason reason, TimeProvider timeProvider) =>
        _finished.Record(request, reason, timeProvider);

    private void Gauge<T>(string name, string unit, string description, Func<T> value)
        where T : struct => _meter.CreateObservableGauge(name, () => new Measurement<T>(value(), _tags), unit, description);

    private void Counter(string name, string description, Func<long> value) =>
        _meter.CreateObservableCounter(name, () => new Measurement<long>(value(), _tags), unit: null, description);

    private Histogram<T> Histogram<T>(string name, string unit, string description, IReadOnlyList<T> buckets)
        where T : struct =>
            _meter.CreateHistogram(name, unit, description, tags: null, new InstrumentAdvice<T> { HistogramBucketBoundaries = buckets });
}
