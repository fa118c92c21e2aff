using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Grid.Engine.Collectives;
using Grid.Engine.Execution;
using Grid.Engine.Experts;
using Grid.Engine.Serving;
using Grid.Engine.Simulation;
using static Grid.Engine.Tests.Serving.EngineTestBed;

namespace Grid.Engine.Tests.Serving;

[Collection(nameof(EngineInstruments))]
public sealed class EngineInstrumentsTests
{
    [Fact]
    public async Task Measure_TwoRequests_CountsWhatHappened()
    {
        var model = Guid.NewGuid().ToString();
        using var listener = new Listener(model);
        await using var engine = await LLMEngine.CreateAsync(() => new SimulatedModelRunner(Sim), Options, model, engine: 3);
        foreach (var id in "ab") await ReadAsync(engine.Submit(Request(id.ToString(), Prompt(40), maxTokens: 10)));
        await engine.DrainAsync(TestContext.Current.CancellationToken);

        listener.Observe();

        Assert.Equal(80, listener.Sum("vllm:prompt_tokens"));
        Assert.Equal(20, listener.Sum("vllm:generation_tokens"));
        Assert.Equal(80, listener.Sum("vllm:prefix_cache_queries"));
        Assert.Equal(32, listener.Sum("vllm:prefix_cache_hits"));
        Assert.Equal(2, listener.Sum("vllm:request_success", "length"));
        Assert.Equal(0, listener.Sum("vllm:request_success", "abort"));
        Assert.Equal(0, listener.Sum("vllm:num_requests_running"));
        Assert.Equal(0, listener.Sum("vllm:num_preemptions"));
        Assert.Equal(2, listener.Count("vllm:time_to_first_token_seconds"));
        Assert.Equal(18, listener.Count("vllm:inter_token_latency_seconds"));
        foreach (var name in new[] { "e2e_request_latency", "request_queue_time", "request_prefill_time", "request_decode_time",
            "request_inference_time", "request_time_per_output_token" })
            Assert.Equal(2, listener.Count($"vllm:{name}_seconds"));
        Assert.Equal(80, listener.Sum("vllm:request_prompt_tokens"));
        Assert.Equal(20, listener.Sum("vllm:request_generation_tokens"));
        Assert.Equal(40 + 8 + 9 + 9, listener.Sum("vllm:iteration_tokens_total"));
        Assert.Equal(["3"], listener.Engines);
    }

    [Fact]
    public void Observe_ExpertsAfterAWait_GivesRowsByShardAndTime()
    {
        var model = Guid.NewGuid().ToString();
        using var listener = new Listener(model);
        using var instruments =
            new EngineInstruments(model, 0, 64, () => new EngineLoad().ToStatus(new(1), draining: false, failure: null));
        var use = new ExpertUsage(2);
        instruments.Observe(new ExpertTelemetry(use));
        use.AddRows(1, 5);
        // As another process counts: waits, their ticks, the longest of them, rows by shard.
        use.Add([2, 3 * Stopwatch.Frequency, 2 * Stopwatch.Frequency, 7, 1]);

        listener.Observe();

        Assert.Equal(13, listener.Sum("grid:expert_load"));
        Assert.Equal(6, listener.Sum("grid:expert_load", "ep1"));
        Assert.Equal(2, listener.Sum("grid:expert_stalls"));
        Assert.Equal(3, listener.Sum("grid:expert_stall_seconds"), 1e-9);
        Assert.Equal(2, listener.Sum("grid:expert_stall_longest_seconds"), 1e-9);
    }

    [Fact]
    public async Task Advice_Histograms_HaveVLLMsBoundaries()
    {
        var model = Guid.NewGuid().ToString();
        using var listener = new Listener(model);
        await using var engine = await LLMEngine.CreateAsync(() => new SimulatedModelRunner(Sim), Options, model);
        await ReadAsync(engine.Submit(Request("a", Prompt(4))));
        await engine.DrainAsync(TestContext.Current.CancellationToken);

        Assert.Equal([0.001, 2560], Ends(listener.Buckets<double>("vllm:time_to_first_token_seconds")));
        Assert.Equal([0.3, 7680], Ends(listener.Buckets<double>("vllm:e2e_request_latency_seconds")));
        Assert.Equal([1, 2, 5, 10, 20, 50, 100, 200, 500], listener.Buckets<long>("vllm:request_prompt_tokens"));

        static double[] Ends(IReadOnlyList<double> buckets) => [buckets[0], buckets[^1]];
    }

    /// <summary>Hears the engine of one model, though others run at the same time.</summary>
    private sealed class ExpertTelemetry(ExpertUsage usage) : IRunnerTelemetry
    {
        public IReadOnlyList<(string Shard, CollectiveTimes Times)> ShardTimes => [];

        public string? Waits => null;

        public long BusyTicks => 0;

        public double? BubbleShare => null;

        public long Progress => 0;

        public ExpertUsage? ExpertUsage => usage;
    }

    private sealed class Listener : IDisposable
    {
        private readonly MeterListener _listener = new();
        private readonly ConcurrentQueue<(Instrument Instrument, double Value, string? Reason, string? Engine)> _heard = [];

        public Listener(string model)
        {
            _listener.InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Name == EngineInstruments.MeterName) listener.EnableMeasurementEvents(instrument);
            };
            _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Hear(model, instrument, value, tags));
            _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Hear(model, instrument, value, tags));
            _listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Hear(model, instrument, value, tags));
            _listener.Start();
        }

        public IEnumerable<string?> Engines => _heard.Select(heard => heard.Engine).Distinct();

        public void Observe() => _listener.RecordObservableInstruments();

        public double Sum(string name, string? reason = null) => Heard(name, reason).Sum(heard => heard.Value);

        public int Count(string name) => Heard(name, null).Count();

        public IReadOnlyList<T> Buckets<T>(string name)
            where T : struct => ((Histogram<T>)Heard(name, null).First().Instrument).Advice!.HistogramBucketBoundaries!;

        public void Dispose() => _listener.Dispose();

        private IEnumerable<(Instrument Instrument, double Value, string? Reason, string? Engine)> Heard(string name, string? reason)
        {
            var heard = _heard.Where(heard => heard.Instrument.Name == name && (reason is null || heard.Reason == reason)).ToList();
            Assert.NotEmpty(heard);
            return heard;
        }

        private void Hear(string model, Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            var values = tags.ToArray().ToDictionary(tag => tag.Key, tag => tag.Value as string);
            if (values["model_name"] == model)
                _heard.Enqueue(
                    (instrument, value, values.GetValueOrDefault("finished_reason") ?? values.GetValueOrDefault("shard"),
                    values["engine"]));
        }
    }
}
