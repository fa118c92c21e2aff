using Grid.Engine.Configuration;

namespace Grid.Engine.Layers;

/// <summary>Frequencies of rotary embeddings and the factor of their cos and sin, with a model's scaling.</summary>
internal static class RotaryFrequencies
{
    /// <summary>Radians per position, one for each pair of dimensions.</summary>
    public static float[] Compute(RopeParameters rope, int headDim, int maxPositions)
    {
        var plain = Plain(rope.Theta, headDim);
        if (rope.FrequencyFactors is { } divisors) return [.. plain.Select((frequency, i) => (float)(frequency / divisors[i]))];
        var scaled = rope.Type switch
        {
            "default" => plain,
            "linear" => plain.Select(frequency => frequency / rope.Factor),
            "dynamic" => Dynamic(rope, headDim),
            "llama3" => plain.Select(frequency => Llama3(rope, frequency)),
            "yarn" => Yarn(rope, plain, headDim, maxPositions),
            _ => throw new ModelLoadException(
                $"rope type {rope.Type} is not supported. Supported: default, linear, dynamic, llama3, yarn."),
        };
        return [.. scaled.Select(frequency => (float)frequency)];
    }

    /// <summary>yarn's factor of cos and sin; 1 for the others.</summary>
    public static float AttentionFactor(RopeParameters rope)
    {
        if (rope.Type != "yarn" || rope.FrequencyFactors is not null) return 1;
        if (rope.AttentionFactor is { } given) return (float)given;
        return (float)(rope is { Mscale: { } mscale and not 0, MscaleAllDim: { } all and not 0 }
            ? Magnitude(rope.Factor, mscale) / Magnitude(rope.Factor, all)
            : Magnitude(rope.Factor, 1));
    }

    private static double[] Plain(double theta, int headDim) =>
        [.. Enumerable.Range(0, headDim / 2).Select(i => 1 / Math.Pow(theta, 2.0 * i / headDim))];

    // The base is fixed by the longest length, as in vLLM: one that follows the length so far would outdate cached keys.
    private static double[] Dynamic(RopeParameters rope, int headDim)
    {
        var stretch = rope.Factor * rope.Factor - (rope.Factor - 1);
        return Plain(rope.Theta * Math.Pow(stretch, headDim / (headDim - 2.0)), headDim);
    }

    private static double Llama3(RopeParameters rope, double frequency)
    {
        double original = rope.OriginalMaxPositionEmbeddings!.Value, wavelength = 2 * Math.PI / frequency;
        if (wavelength < original / rope.HighFreqFactor) return frequency;
        if (wavelength > original / rope.LowFreqFactor) return frequency / rope.Factor;
        var smooth = (original / wavelength - rope.LowFreqFactor) / (rope.HighFreqFactor - rope.LowFreqFactor);
        return (1 - smooth) * frequency / rope.Factor + smooth * frequency;
    }

    private static IEnumerable<double> Yarn(RopeParameters rope, double[] plain, int headDim, int maxPositions)
    {
        double original = rope.OriginalMaxPositionEmbeddings ?? maxPositions;
        double low = Dimension(rope.BetaFast), high = Dimension(rope.BetaSlow);
        if (rope.Truncate) (low, high) = (Math.Floor(low), Math.Ceiling(high));
        (low, high) = (Math.Max(low, 0), Math.Min(high, headDim - 1));
        if (low == high) high += 0.001;
        return plain.Select((frequency, i) =>
        {
            var stretched = Math.Clamp((i - low) / (high - low), 0, 1);
            return frequency / rope.Factor * stretched + frequency * (1 - stretched);
        });

        // The dimension that turns this often over the original length.
        double Dimension(double rotations) => headDim * Math.Log(original / (rotations * 2 * Math.PI)) / (2 * Math.Log(rope.Theta));
    }

    private static double Magnitude(double factor, double mscale) => factor <= 1 ? 1 : 0.1 * mscale * Math.Log(factor) + 1;
}
