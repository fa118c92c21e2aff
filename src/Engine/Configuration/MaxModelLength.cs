namespace Grid.Engine.Configuration;

/// <summary>The longest prompt and output together, derived as vLLM's <c>max_model_len</c>.</summary>
public static class MaxModelLength
{
    /// <summary>The value of <c>--max-model-len</c> that asks for the longest that fits the KV cache.</summary>
    public const int LongestThatFits = -1;

    /// <summary>
    /// What the checkpoint allows: its positions, stretched by linear and dynamic scaling; llama3's positions are stretched already;
    /// yarn counts from the original ones.
    /// </summary>
    public static int Derive(ModelConfig config)
    {
        var positions = config.MaxPositionEmbeddings;
        if (config.Rope is not { } rope) return positions;
        var length = rope.Type switch
        {
            "linear" or "dynamic" => positions * rope.Factor,
            "yarn" => (rope.OriginalMaxPositionEmbeddings ?? positions) * rope.Factor,
            _ => positions,
        };
        return (int)Math.Min(length, int.MaxValue);
    }

    /// <summary>
    /// The length to serve. For <see cref="LongestThatFits"/> it is the derived one, and the caller lowers it to what fits.
    /// </summary>
    /// <param name="requested"><c>--max-model-len</c>, or null.</param>
    /// <exception cref="ModelLoadException">The request is not a length, or above what the checkpoint allows.</exception>
    public static int Resolve(ModelConfig config, int? requested)
    {
        var limit = Derive(config);
        if (requested is null or LongestThatFits) return limit;
        if (requested < 1)
            throw new ModelLoadException($"--max-model-len must be at least 1, or -1 for the longest that fits; got {requested}.",
                ModelLoadFault.Layout);
        if (requested > limit)
            throw new ModelLoadException($"--max-model-len must be at most {limit} ({Explain(config)}); got {requested}.",
                ModelLoadFault.Layout);
        return requested.Value;
    }

    private static string Explain(ModelConfig config) => config.Rope switch
    {
        { Type: "linear" or "dynamic" } rope =>
            $"max_position_embeddings {config.MaxPositionEmbeddings} x {rope.Type} factor {rope.Factor}",
        { Type: "yarn" } rope =>
            $"original_max_position_embeddings {rope.OriginalMaxPositionEmbeddings ?? config.MaxPositionEmbeddings} x yarn factor "
            + $"{rope.Factor}",
        _ => $"max_position_embeddings {config.MaxPositionEmbeddings} of the model's config",
    };
}
