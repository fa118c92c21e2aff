using System.Diagnostics.Metrics;
using Grid.Engine.Requests;

namespace Grid.Engine.Serving;

/// <summary>What is known once a request has ended: lengths, times of its phases, and why it ended.</summary>
internal sealed class FinishedRequestInstruments
{
    private static readonly FinishReason[] Reasons = Enum.GetValues<FinishReason>();

    private readonly KeyValuePair<string, object?>[] _tags;
    private readonly KeyValuePair<string, object?>[][] _reasonTags;
    private readonly long[] _finished = new long[Reasons.Length];
    private readonly Histogram<double> _endToEnd;
    private readonly Histogram<double> _queue;
    private readonly Histogram<double> _prefill;
    private readonly Histogram<double> _decode;
    private readonly Histogram<double> _inference;
    private readonly Histogram<double> _timePerOutputToken;
    private readonly Histogram<long> _promptTokens;
    private readonly Histogram<long> _generationTokens;
    private readonly Histogram<long> _maxTokens;

    public FinishedRequestInstruments(Meter meter, KeyValuePair<string, object?>[] tags, int maxModelLen)
    {
        _tags = tags;
        _reasonTags = [.. Reasons.Select(reason => (KeyValuePair<string, object?>[])[.. tags, new("finished_reason", Name(reason))])];
        meter.CreateObservableCounter("vllm:request_success", Observe, unit: null, "Requests that ended, by reason.");
        var (latency, lengths) = (HistogramBuckets.RequestLatency, HistogramBuckets.Lengths(maxModelLen));
        _endToEnd = Create("vllm:e2e_request_latency_seconds", "s", "From the submission to the end.", latency);
        _queue = Create("vllm:request_queue_time_seconds", "s", "From the submission to the first step.", latency);
        _prefill = Create("vllm:request_prefill_time_seconds", "s", "From the first step to the first token.", latency);
        _decode = Create("vllm:request_decode_time_seconds", "s", "From the first token to the last.", latency);
        _inference = Create("vllm:request_inference_time_seconds", "s", "From the first step to the last token.", latency);
        _timePerOutputToken = Create("vllm:request_time_per_output_token_seconds", "s", "Mean time of a token after the first.",
            HistogramBuckets.InterTokenLatency);
        _promptTokens = Create("vllm:request_prompt_tokens", "{token}", "Tokens of the prompt.", lengths);
        _generationTokens = Create("vllm:request_generation_tokens", "{token}", "Tokens of the output.", lengths);
        _maxTokens = Create("vllm:request_params_max_tokens", "{token}", "Output tokens asked for at most.", lengths);

        Histogram<T> Create<T>(string name, string unit, string description, IReadOnlyList<T> buckets)
            where T : struct =>
                meter.CreateHistogram(name, unit, description, tags: null, new InstrumentAdvice<T> { HistogramBucketBoundaries = buckets });
    }

    public void Record(Request request, FinishReason reason, TimeProvider timeProvider)
    {
        Interlocked.Increment(ref _finished[(int)reason]);
        if (request.Stream is not { NumDrawnTokens: > 0 } stream || reason is FinishReason.Abort or FinishReason.Error) return;
        var decode = Seconds(stream.FirstToken, stream.LastToken);
        _endToEnd.Record(Seconds(stream.Arrival, stream.LastToken), _tags);
        _queue.Record(Seconds(stream.Arrival, stream.Scheduled), _tags);
        _prefill.Record(Seconds(stream.Scheduled, stream.FirstToken), _tags);
        _decode.Record(decode, _tags);
        _inference.Record(Seconds(stream.Scheduled, stream.LastToken), _tags);
        if (stream.NumDrawnTokens > 1) _timePerOutputToken.Record(decode / (stream.NumDrawnTokens - 1), _tags);
        _promptTokens.Record(request.NumPromptTokens, _tags);
        _generationTokens.Record(request.NumOutputTokens, _tags);
        if (request.Source.Sampling.MaxTokens is { } maxTokens) _maxTokens.Record(maxTokens, _tags);

        double Seconds(long from, long to) => timeProvider.GetElapsedTime(from, to).TotalSeconds;
    }

    private static string Name(FinishReason reason) => reason switch
    {
        FinishReason.Stop => "stop",
        FinishReason.Length => "length",
        FinishReason.Abort => "abort",
        _ => "error",
    };

    private IEnumerable<Measurement<long>> Observe()
    {
        for (var i = 0; i < Reasons.Length; i++) yield return new(Volatile.Read(ref _finished[i]), _reasonTags[i]);
    }
}
