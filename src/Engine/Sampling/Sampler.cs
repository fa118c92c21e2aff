using Grid.Engine.Requests;

namespace Grid.Engine.Sampling;

/// <summary>
/// Draws tokens from logit rows with vLLM's parameters (docs/reference/interfaces.md section 7). A draw depends on the row and the request
/// alone, never on other rows. Holds scratch memory: one sampler a thread.
/// </summary>
/// <param name="vocabSize">Length of a logit row.</param>
public sealed class Sampler(int vocabSize)
{
    private readonly float[] _logits = new float[vocabSize];
    private readonly TokenDistribution _distribution = new(vocabSize);

    /// <summary>The next token of a request. The state does not change: tell it with <see cref="SamplingState.Append"/>.</summary>
    /// <param name="logits">The model's logits, one an id; -infinity bans an id.</param>
    /// <param name="state">The request and its output so far.</param>
    /// <exception cref="InvalidLogitsException">A logit is NaN or +infinity, or no id is left.</exception>
    public int Sample(ReadOnlySpan<float> logits, SamplingState state)
    {
        var processed = Process(logits, state);
        if (state.IsGreedy) return LogitRow.ArgMax(processed);
        _distribution.Fill(processed, state.Request.Sampling);
        return _distribution.Draw(Philox.Uniform(state.Seed, state.NumOutputTokens, state.Request.Choice));
    }

    /// <summary>The probabilities that <see cref="Sample"/> draws from, for tests.</summary>
    internal double[] Probabilities(ReadOnlySpan<float> logits, SamplingState state)
    {
        _distribution.Fill(Process(logits, state), state.Request.Sampling);
        return _distribution.ToArray();
    }

    private ReadOnlySpan<float> Process(ReadOnlySpan<float> logits, SamplingState state)
    {
        if (logits.Length != vocabSize)
            throw new ArgumentException($"A logit row has one logit for each of the {vocabSize} ids; this one has {logits.Length}.",
                nameof(logits));
        if (!state.ChangesLogits) return logits;
        LogitsProcessor.Apply(logits, state, _logits);
        return _logits;
    }
}
