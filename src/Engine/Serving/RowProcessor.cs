using Grid.Engine.Execution;
using Grid.Engine.Requests;
using Grid.Engine.Sampling;
using Grid.Engine.Scheduling;

namespace Grid.Engine.Serving;

/// <summary>Turns a request's logit rows into its next output.</summary>
internal sealed class RowProcessor(EngineInfo info, EngineInstruments instruments, TimeProvider timeProvider)
{
    private readonly Sampler _sampler = new(info.VocabSize);

    /// <summary>Requests that gave their first token.</summary>
    public long NumFirstTokens { get; private set; }

    /// <summary>From their submission to that token, in all.</summary>
    public double SecondsToFirstTokens { get; private set; }

    /// <summary>Collects prompt logprobs and draws a token, where the chunk has come to the request's end.</summary>
    /// <param name="scheduled">What was computed.</param>
    /// <param name="rows">The rows of the step.</param>
    /// <param name="row">The first row of this request.</param>
    /// <param name="now">Timestamp of the end of the step.</param>
    /// <returns>The output; null in the middle of a prompt. What fails ends this request, and the others go on.</returns>
    public EngineOutput? Process(in ScheduledRequest scheduled, in ModelRunnerOutput rows, int row, long now)
    {
        try
        {
            CollectPromptLogprobs(scheduled, rows, row);
            return scheduled.NumComputedTokens + scheduled.NumScheduledTokens == scheduled.Request.NumTokens
                ? Draw(scheduled.Request, rows.Row(row + scheduled.NumLogits - 1), now)
                : null;
        }
        catch (Exception exception)
        {
            return new() { TokenId = -1, FinishReason = FinishReason.Error, Error = exception.Message };
        }
    }

    private void CollectPromptLogprobs(in ScheduledRequest scheduled, in ModelRunnerOutput rows, int row)
    {
        var request = scheduled.Request;
        var first = scheduled.NumComputedTokens + scheduled.NumScheduledTokens - scheduled.NumLogits;
        for (var i = 0; i < scheduled.NumLogits && request.NeedsPromptLogprobs; i++)
        {
            // After a preemption the first rows may be known.
            if (first + i + 1 != request.NumPromptLogprobs) continue;
            var top = request.Source.Sampling.PromptLogprobs!.Value;
            request.Stream!.PromptLogprobs!.Add(ComputeLogprobs(rows.Row(row + i), request.Tokens[first + i + 1], top));
            request.NumPromptLogprobs++;
        }
    }

    private EngineOutput Draw(Request request, ReadOnlySpan<float> logits, long now)
    {
        var stream = request.Stream!;
        var token = _sampler.Sample(logits, stream.SamplingState);
        var logprobs = request.Source.Sampling.Logprobs is { } top ? ComputeLogprobs(logits, token, top) : null;
        request.Append(token);
        stream.SamplingState.Append(token);
        RecordTimes(request, stream, now);
        var reason = StopCriteria.Check(request, info.MaxModelLen, out var stopTokenId);
        return new()
        {
            TokenId = token,
            Logprobs = logprobs,
            PromptLogprobs = stream.NumDrawnTokens == 1 ? stream.PromptLogprobs : null,
            CachedTokens = request.NumCachedTokens,
            FinishReason = reason,
            StopTokenId = stopTokenId,
        };
    }

    private void RecordTimes(Request request, RequestStream stream, long now)
    {
        if (stream.NumDrawnTokens++ > 0)
        {
            instruments.RecordToken(timeProvider.GetElapsedTime(stream.LastToken, now));
        }
        else
        {
            stream.FirstToken = now;
            var elapsed = timeProvider.GetElapsedTime(stream.Arrival, now);
            NumFirstTokens++;
            SecondsToFirstTokens += elapsed.TotalSeconds;
            instruments.RecordFirstToken(request.NumPromptTokens, elapsed);
        }

        stream.LastToken = now;
    }

    private TokenLogprobs ComputeLogprobs(ReadOnlySpan<float> logits, int tokenId, int top) =>
        Logprobs.Compute(logits, tokenId, top < 0 ? info.VocabSize : top);
}
