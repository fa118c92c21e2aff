namespace Grid.Engine.Configuration;

/// <summary>Reads <c>rope_theta</c> + <c>rope_scaling</c> (transformers 4) or <c>rope_parameters</c> (5).</summary>
internal static class RopeParametersReader
{
    private static readonly string[] Types = ["default", "linear", "dynamic", "llama3", "yarn"];

    public static RopeParameters Read(ConfigObject config, double defaultTheta, int maxPositions)
    {
        var scaling = config.Object("rope_parameters") ?? config.Object("rope_scaling");
        var theta = scaling?.PositiveDouble("rope_theta") ?? config.PositiveDouble("rope_theta") ?? defaultTheta;
        if (scaling is null) return new RopeParameters { Theta = theta };
        var type = ReadType(scaling);
        if (type == "default") return new RopeParameters { Theta = theta };
        if (scaling.Double("partial_rotary_factor") is { } share and not 1)
            throw new ModelLoadException($"{config.Source}: partial_rotary_factor must be 1; got {share}.");
        var original = scaling.Has("original_max_position_embeddings")
            ? scaling.PositiveInt("original_max_position_embeddings")
            : (int?)null;
        if (type == "llama3" && original is null)
            throw new ModelLoadException($"{config.Source}: rope type llama3 needs original_max_position_embeddings.");
        var result = new RopeParameters
        {
            Type = type,
            Theta = theta,
            Factor = scaling.PositiveDouble("factor") ?? DefaultFactor(config, type, original, maxPositions),
            OriginalMaxPositionEmbeddings = original,
            AttentionFactor = scaling.Double("attention_factor"),
            Mscale = scaling.Double("mscale"),
            MscaleAllDim = scaling.Double("mscale_all_dim"),
            Truncate = scaling.Bool("truncate") ?? true,
        };
        return result with
        {
            LowFreqFactor = scaling.PositiveDouble("low_freq_factor") ?? result.LowFreqFactor,
            HighFreqFactor = scaling.PositiveDouble("high_freq_factor") ?? result.HighFreqFactor,
            BetaFast = scaling.PositiveDouble("beta_fast") ?? result.BetaFast,
            BetaSlow = scaling.PositiveDouble("beta_slow") ?? result.BetaSlow,
        };
    }

    private static string ReadType(ConfigObject scaling)
    {
        if (scaling.Has("full_attention") || scaling.Has("sliding_attention"))
            throw new ModelLoadException($"{scaling.Source}: rope_parameters of their own for each kind of layer are not supported.");
        var type = scaling.String("rope_type") ?? scaling.String("type");
        if (type is null && scaling.Has("factor"))
            throw new ModelLoadException(
                $"{scaling.Source}: rope scaling must have a rope_type, one of {string.Join(", ", Types)}; got none beside its factor.");
        type ??= "default";
        return Types.Contains(type)
            ? type
            : throw new ModelLoadException($"{scaling.Source}: rope type {type} is not supported. Supported: {string.Join(", ", Types)}.");
    }

    private static double DefaultFactor(ConfigObject config, string type, int? original, int maxPositions) => (type, original) switch
    {
        ("yarn", { } positions) => (double)maxPositions / positions,
        _ => throw new ModelLoadException($"{config.Source}: rope type {type} needs a factor."),
    };
}
