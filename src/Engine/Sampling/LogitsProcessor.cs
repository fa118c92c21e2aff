using Grid.Engine.Requests;

namespace Grid.Engine.Sampling;

/// <summary>Bias, bans and penalties, in vLLM's order and in float32 as there.</summary>
internal static class LogitsProcessor
{
    // Beyond these a penalty would make logits infinite, and within them it leaves no doubt already.
    private const double LeastRepetition = 1e-9, MostRepetition = 1e9;

    /// <summary>Writes the logits from which <paramref name="state"/>'s next token is drawn to <paramref name="result"/>.</summary>
    public static void Apply(ReadOnlySpan<float> logits, SamplingState state, TokenMask? mask, Span<float> result)
    {
        if (mask is null) logits.CopyTo(result);
        else mask.Apply(logits, result);

        foreach (var (id, bias) in state.Biases)
            if ((uint)id < (uint)result.Length) result[id] += bias;
        foreach (var word in state.BadWords)
            if (state.Completes(word)) Ban(result, word[^1]);
        if (state.BansStopIds)
            foreach (var id in state.StopIds) Ban(result, id);
        if (state.HasPenalties) Penalize(state.Request.Sampling, state, result);
    }

    private static void Ban(Span<float> logits, int id)
    {
        if ((uint)id < (uint)logits.Length) logits[id] = float.NegativeInfinity;
    }

    private static void Penalize(SamplingParams sampling, SamplingState state, Span<float> logits)
    {
        var repetition = (float)Math.Clamp(sampling.RepetitionPenalty, LeastRepetition, MostRepetition);
        var (frequency, presence) = ((float)sampling.FrequencyPenalty, (float)sampling.PresencePenalty);
        foreach (var (id, count) in state.OutputCounts)
        {
            if ((uint)id >= (uint)logits.Length) continue;
            var logit = logits[id];
            logit = logit > 0 ? logit / repetition : logit * repetition;
            logits[id] = count > 0 ? logit - frequency * count - presence : logit;
        }
    }
}
