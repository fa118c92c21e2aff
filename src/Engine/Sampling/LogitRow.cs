using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Grid.Engine.Sampling;

/// <summary>Questions to a row of logits, each answered in one pass.</summary>
internal static class LogitRow
{
    /// <summary>Ids whose weights <see cref="Weigh"/> sums up together.</summary>
    public const int BlockSize = 1024;

    // exp(-746) is zero in float64. The rest makes up for a bound that is rounded to float32.
    private const double ZeroBelow = 800;

    /// <summary>The lowest id with the highest logit.</summary>
    /// <exception cref="InvalidLogitsException">A logit is NaN or +infinity, or all are -infinity.</exception>
    public static int ArgMax(ReadOnlySpan<float> logits)
    {
        var max = Max(logits);
        var wanted = Vector256.Create(max);
        var vectors = MemoryMarshal.Cast<float, Vector256<float>>(logits);
        for (var i = 0; i < vectors.Length; i++)
        {
            var equal = Vector256.Equals(vectors[i], wanted).ExtractMostSignificantBits();
            if (equal != 0) return i * Vector256<float>.Count + BitOperations.TrailingZeroCount(equal);
        }

        for (var id = vectors.Length * Vector256<float>.Count; ; id++)
            if (logits[id] == max) return id;
    }

    /// <summary>The highest logit, a finite number.</summary>
    /// <exception cref="InvalidLogitsException">A logit is NaN or +infinity, or all are -infinity.</exception>
    public static float Max(ReadOnlySpan<float> logits)
    {
        var vectors = MemoryMarshal.Cast<float, Vector256<float>>(logits);
        var (even, odd) = (Vector256.Create(float.NegativeInfinity), Vector256.Create(float.NegativeInfinity));
        var i = 0;
        for (; i + 1 < vectors.Length; i += 2)
        {
            even = Vector256.Max(even, vectors[i]);
            odd = Vector256.Max(odd, vectors[i + 1]);
        }

        if (i < vectors.Length) even = Vector256.Max(even, vectors[i]);
        even = Vector256.Max(even, odd);
        var max = float.NegativeInfinity;
        for (var lane = 0; lane < Vector256<float>.Count; lane++) max = MathF.Max(max, even[lane]);
        foreach (var logit in logits[(vectors.Length * Vector256<float>.Count)..]) max = MathF.Max(max, logit);
        return float.IsFinite(max) ? max : throw Invalid(max);
    }

    /// <summary>The sum of exp((logit - max) / temperature).</summary>
    public static double SumWeights(ReadOnlySpan<float> logits, double max, double temperature)
    {
        var sum = Vector256<double>.Zero;
        var vectors = MemoryMarshal.Cast<float, Vector256<float>>(logits);
        foreach (var vector in vectors)
        {
            var (low, high) = Weights(vector, max, temperature);
            sum += low + high;
        }

        var total = Vector256.Sum(sum);
        foreach (var logit in logits[(vectors.Length * Vector256<float>.Count)..]) total += Math.Exp((logit - max) / temperature);
        return total;
    }

    /// <summary>Writes exp((logit - max) / temperature) for each logit, and the sums of blocks of them.</summary>
    /// <returns>The sum of all.</returns>
    public static double Weigh(ReadOnlySpan<float> logits, double max, double temperature, Span<double> weights, Span<double> blockSums)
    {
        var total = 0.0;
        for (var (start, block) = (0, 0); start < logits.Length; start += BlockSize, block++)
        {
            var length = Math.Min(BlockSize, logits.Length - start);
            total += blockSums[block] = WeighBlock(logits.Slice(start, length), max, temperature, weights.Slice(start, length));
        }

        return total;
    }

    /// <summary>Collects the ids, ascending, whose logits are at least <paramref name="threshold"/> and not -infinity.</summary>
    /// <returns>How many they are.</returns>
    public static int Gather(ReadOnlySpan<float> logits, float threshold, Span<int> ids)
    {
        threshold = MathF.Max(threshold, float.MinValue);
        var bound = Vector256.Create(threshold);
        var vectors = MemoryMarshal.Cast<float, Vector256<float>>(logits);
        var count = 0;
        for (var i = 0; i < vectors.Length; i++)
            for (var kept = Vector256.GreaterThanOrEqual(vectors[i], bound).ExtractMostSignificantBits(); kept != 0; kept &= kept - 1)
                ids[count++] = i * Vector256<float>.Count + BitOperations.TrailingZeroCount(kept);
        for (var id = vectors.Length * Vector256<float>.Count; id < logits.Length; id++)
            if (logits[id] >= threshold) ids[count++] = id;
        return count;
    }

    private static double WeighBlock(ReadOnlySpan<float> logits, double max, double temperature, Span<double> weights)
    {
        var sum = Vector256<double>.Zero;
        var least = Vector256.Create((float)(max - ZeroBelow * temperature));
        var vectors = MemoryMarshal.Cast<float, Vector256<float>>(logits);
        var results = MemoryMarshal.Cast<double, Vector256<double>>(weights);
        for (var i = 0; i < vectors.Length; i++)
        {
            if (!Vector256.GreaterThanOrEqualAny(vectors[i], least))
            {
                (results[2 * i], results[2 * i + 1]) = (Vector256<double>.Zero, Vector256<double>.Zero);
                continue;
            }

            (results[2 * i], results[2 * i + 1]) = Weights(vectors[i], max, temperature);
            sum += results[2 * i] + results[2 * i + 1];
        }

        var total = Vector256.Sum(sum);
        for (var i = vectors.Length * Vector256<float>.Count; i < logits.Length; i++)
            total += weights[i] = Math.Exp((logits[i] - max) / temperature);
        return total;
    }

    private static (Vector256<double> Low, Vector256<double> High) Weights(Vector256<float> logits, double max, double temperature)
    {
        var (low, high) = Vector256.Widen(logits);
        return (
            Vector256.Exp((low - Vector256.Create(max)) / Vector256.Create(temperature)),
            Vector256.Exp((high - Vector256.Create(max)) / Vector256.Create(temperature)));
    }

    private static InvalidLogitsException Invalid(float max) => float.IsNegativeInfinity(max)
        ? new("No token can be drawn: every logit is -infinity after logit_bias, allowed_token_ids, bad_words and min_tokens.")
        : new($"No token can be drawn: logits must be finite or -infinity, and one of them is {max}.");
}
