namespace Grid.Engine.Sampling;

/// <summary>Questions to a row of logits.</summary>
internal static class LogitRow
{
    /// <summary>The lowest id with the highest logit.</summary>
    /// <exception cref="InvalidLogitsException">A logit is NaN or +infinity, or all are -infinity.</exception>
    public static int ArgMax(ReadOnlySpan<float> logits)
    {
        var max = Max(logits);
        for (var id = 0; ; id++)
            if (logits[id] == max) return id;
    }

    /// <summary>The highest logit, a finite number.</summary>
    /// <exception cref="InvalidLogitsException">A logit is NaN or +infinity, or all are -infinity.</exception>
    public static float Max(ReadOnlySpan<float> logits)
    {
        var max = float.NegativeInfinity;
        foreach (var logit in logits) max = MathF.Max(max, logit);
        if (float.IsFinite(max)) return max;
        if (float.IsNegativeInfinity(max))
            throw new InvalidLogitsException("No token can be drawn: every logit is -infinity after logit_bias, allowed_token_ids, bad_words and min_tokens.");
        throw new InvalidLogitsException($"No token can be drawn: the logits must be finite or -infinity, and one of them is {max}.");
    }
}
