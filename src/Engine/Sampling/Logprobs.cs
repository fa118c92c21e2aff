using Grid.Engine.Requests;

namespace Grid.Engine.Sampling;

/// <summary>Log probabilities of raw logits.</summary>
public static class Logprobs
{
    /// <summary>The log probability and rank of one id, and the most likely ids.</summary>
    /// <param name="logits">The model's logits, before bias, penalties and temperature.</param>
    /// <param name="tokenId">The id that stands at this position.</param>
    /// <param name="numTop">How many of the most likely ids to report; the whole vocabulary at most.</param>
    /// <exception cref="InvalidLogitsException">A logit is NaN or +infinity, or all are -infinity.</exception>
    public static TokenLogprobs Compute(ReadOnlySpan<float> logits, int tokenId, int numTop)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)tokenId, (uint)logits.Length, nameof(tokenId));
        double max = LogitRow.Max(logits);
        var sum = 0.0;
        foreach (var logit in logits) sum += Math.Exp(logit - max);
        var normalizer = max + Math.Log(sum);

        var rank = 1;
        for (var id = 0; id < logits.Length; id++)
            if (Precedes(logits, id, tokenId)) rank++;
        var top = new TokenLogprob[Math.Clamp(numTop, 0, logits.Length)];
        var count = 0;
        for (var id = 0; id < logits.Length && top.Length > 0; id++)
        {
            if (count == top.Length && !Precedes(logits, id, top[^1].TokenId)) continue;
            var place = count < top.Length ? count++ : count - 1;
            for (; place > 0 && Precedes(logits, id, top[place - 1].TokenId); place--) top[place] = top[place - 1];
            top[place] = new(id, (float)(logits[id] - normalizer));
        }

        return new TokenLogprobs(tokenId, (float)(logits[tokenId] - normalizer), rank, top);
    }

    private static bool Precedes(ReadOnlySpan<float> logits, int id, int other) =>
        logits[id] > logits[other] || (logits[id] == logits[other] && id < other);
}
