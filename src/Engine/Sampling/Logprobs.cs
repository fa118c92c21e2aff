using System.Buffers;
using Grid.Engine.Requests;

namespace Grid.Engine.Sampling;

/// <summary>Log probabilities of raw logits.</summary>
public static class Logprobs
{
    /// <summary>The log probability and rank of one id, and the most likely ids.</summary>
    /// <param name="logits">The model's logits, before bias, penalties and temperature.</param>
    /// <param name="tokenId">The id at this position.</param>
    /// <param name="numTop">How many of the most likely ids to report; the whole vocabulary at most.</param>
    /// <exception cref="InvalidLogitsException">A logit is NaN or +infinity, or all are -infinity.</exception>
    public static TokenLogprobs Compute(ReadOnlySpan<float> logits, int tokenId, int numTop)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)tokenId, (uint)logits.Length, nameof(tokenId));
        double max = LogitRow.Max(logits);
        var logSum = Math.Log(LogitRow.SumWeights(logits, max, temperature: 1));
        var top = Top(logits, Math.Clamp(numTop, 0, logits.Length));
        var entries = new TokenLogprob[top.Length];
        for (var i = 0; i < top.Length; i++) entries[i] = new(top[i], (float)(logits[top[i]] - max - logSum));
        return new TokenLogprobs(tokenId, (float)(logits[tokenId] - max - logSum), Rank(logits, tokenId), entries);
    }

    private static int Rank(ReadOnlySpan<float> logits, int tokenId)
    {
        var rank = 1;
        var logit = logits[tokenId];
        foreach (var other in logits) rank += other > logit ? 1 : 0;
        foreach (var other in logits[..tokenId]) rank += other == logit ? 1 : 0;
        return rank;
    }

    /// <summary>The most likely ids, best first.</summary>
    private static int[] Top(ReadOnlySpan<float> logits, int count)
    {
        if (count == 0) return [];
        var scratch = ArrayPool<float>.Shared.Rent((int)Math.Min(logits.Length, 2L * count + Selection.Slack));
        var ids = ArrayPool<int>.Shared.Rent(logits.Length);
        var least = Selection.KthLargest(logits, count, scratch);
        var kept = LogitRow.Gather(logits, least, ids);
        // Ids at -infinity fill the places that no other takes.
        for (var id = 0; kept < count; id++)
            if (float.IsNegativeInfinity(logits[id])) ids[kept++] = id;

        // A candidate puts the highest of equal ids first; here the lowest is.
        var keys = new Candidate[kept];
        for (var i = 0; i < kept; i++) keys[i] = new(logits[ids[i]], -ids[i]);
        ArrayPool<int>.Shared.Return(ids);
        ArrayPool<float>.Shared.Return(scratch);
        Array.Sort(keys);
        return [.. keys.Take(count).Select(key => -key.Id)];
    }
}
