using Grid.Engine.Requests;

namespace Grid.Engine.Sampling;

/// <summary>
/// Draws tokens from logit rows with vLLM's parameters (docs/reference/interfaces.md section 7). A draw depends on the row and the request
/// alone, never on other rows. Holds scratch memory: one sampler a thread.
/// </summary>
/// <param name="vocabSize">Length of a logit row.</param>
internal sealed class Sampler(int vocabSize)
{
    private readonly float[] _logits = new float[vocabSize];
    private readonly TokenDistribution _distribution = new(vocabSize);

    /// <summary>Answers all that is asked of a step's rows. What fails for one request does not touch the others.</summary>
    /// <param name="batch">The request.</param>
    /// <param name="output">Receives the answers.</param>
    public void Sample(in LogitRows rows, SamplingBatch batch, SamplerOutput output)
    {
        output.Clear();
        foreach (ref readonly var score in batch.Scores) output.Add(Score(rows, score));
        foreach (ref readonly var draw in batch.Draws) output.Add(Draw(rows, draw));
    }

    /// <summary>The next token of a request. The state does not change: <see cref="SamplingState.Append"/> does that.</summary>
    /// <param name="logits">The model's logits, one an id; -infinity bans an id.</param>
    /// <param name="state">The request and its output so far.</param>
    /// <param name="mask">The only ids that may be drawn; null: all.</param>
    /// <exception cref="InvalidLogitsException">A logit is NaN or +infinity, or no id is left.</exception>
    public int Sample(ReadOnlySpan<float> logits, SamplingState state, TokenMask? mask = null)
    {
        var processed = Process(logits, state, mask);
        if (state.IsGreedy) return LogitRow.ArgMax(processed);
        _distribution.Fill(processed, state.Request.Sampling);
        return _distribution.Draw(Philox.Uniform(state.Seed, state.NumOutputTokens, state.Request.Choice));
    }

    /// <summary>The probabilities that a draw follows, for tests.</summary>
    internal double[] Probabilities(ReadOnlySpan<float> logits, SamplingState state)
    {
        _distribution.Fill(Process(logits, state, state.AllowedTokens), state.Request.Sampling);
        return _distribution.ToArray();
    }

    private ScoredToken Score(in LogitRows rows, in PromptScore score)
    {
        try
        {
            return new(ComputeLogprobs(rows[score.Row], score.TokenId, score.NumLogprobs));
        }
        catch (Exception exception)
        {
            return new(null, exception.Message);
        }
    }

    private SampledToken Draw(in LogitRows rows, in TokenDraw draw)
    {
        try
        {
            var logits = rows[draw.Row];
            var token = Sample(logits, draw.State, draw.Mask);
            return new(token, draw.NumLogprobs is { } top ? ComputeLogprobs(logits, token, top) : null);
        }
        catch (Exception exception)
        {
            return new(-1, null, exception.Message);
        }
    }

    private TokenLogprobs ComputeLogprobs(ReadOnlySpan<float> logits, int tokenId, int top) =>
        Logprobs.Compute(logits, tokenId, top < 0 ? vocabSize : top);

    private ReadOnlySpan<float> Process(ReadOnlySpan<float> logits, SamplingState state, TokenMask? mask)
    {
        if (logits.Length != vocabSize)
            throw new ArgumentException($"A logit row must have {vocabSize} logits, one an id; got {logits.Length}.",
                nameof(logits));
        if (mask is null && !state.ChangesLogits) return logits;
        LogitsProcessor.Apply(logits, state, mask, _logits);
        return _logits;
    }
}
