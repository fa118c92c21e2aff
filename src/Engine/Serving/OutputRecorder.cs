using Grid.Engine.Requests;
using Grid.Engine.Sampling;

namespace Grid.Engine.Serving;

/// <summary>Adds what the runner gave to its request, and makes an output of it.</summary>
internal sealed class OutputRecorder(EngineInfo info, EngineInstruments instruments, TimeProvider timeProvider)
{
    /// <summary>Requests that gave their first token.</summary>
    public long NumFirstTokens { get; private set; }

    /// <summary>From their submission to that token, in all.</summary>
    public double SecondsToFirstTokens { get; private set; }

    /// <summary>The output of a request that cannot go on.</summary>
    public static EngineOutput Failed(string error) => new() { TokenId = -1, FinishReason = FinishReason.Error, Error = error };

    /// <summary>Adds logprobs of the next tokens of the prompt.</summary>
    /// <returns>What failed; null: nothing.</returns>
    public static string? AddScores(Request request, ReadOnlySpan<ScoredToken> scores)
    {
        foreach (ref readonly var score in scores)
        {
            if (score.Error is not null) return score.Error;
            request.Stream!.PromptLogprobs!.Add(score.Logprobs);
            request.NumPromptLogprobs++;
        }

        return null;
    }

    /// <summary>Adds a drawn token to the request.</summary>
    /// <param name="request">Its tokens are all computed.</param>
    /// <param name="token">The id of the token that was drawn.</param>
    /// <param name="now">Timestamp of the end of the step.</param>
    public EngineOutput AddToken(Request request, in SampledToken token, long now)
    {
        if (token.Error is not null) return Failed(token.Error);
        var stream = request.Stream!;
        request.Append(token.TokenId);
        stream.SamplingState.Append(token.TokenId);
        RecordTimes(request, stream, now);
        var reason = StopCriteria.Check(request, info.MaxModelLen, out var stopTokenId);
        return new()
        {
            TokenId = token.TokenId,
            Logprobs = token.Logprobs,
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
}
