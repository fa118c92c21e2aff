namespace Grid.Engine.Configuration;

/// <summary>Rules that every model's shape obeys, whichever file it was read from.</summary>
internal static class ModelConfigRules
{
    /// <summary>More layers than any model has; a larger number in a file is a mistake.</summary>
    public const int MaxLayers = 1 << 16;

    // Far above any model, and low enough that products of two widths are still whole numbers of 64 bits.
    private const int MaxWidth = 1 << 24;

    /// <summary>Throws unless widths are plausible and heads and experts divide.</summary>
    /// <exception cref="ModelLoadException">A rule is broken; the message names the file.</exception>
    public static void Validate(string source, ModelConfig config)
    {
        (string Name, long Width)[] widths =
        [
            ("vocab_size", config.VocabSize), ("hidden_size", config.HiddenSize), ("intermediate_size", config.IntermediateSize),
            ("num_attention_heads x head_dim", (long)config.NumAttentionHeads * config.HeadDim), ("num_experts", config.NumExperts),
            ("moe_intermediate_size", config.MoeIntermediateSize), ("shared_expert_intermediate_size", config.SharedExpertIntermediateSize),
        ];
        foreach (var (name, width) in widths)
            if (width > MaxWidth) throw new ModelLoadException($"{source}: {name} must be at most {MaxWidth}; got {width}.");
        var (heads, keyValueHeads) = (config.NumAttentionHeads, config.NumKeyValueHeads);
        if (heads % keyValueHeads != 0)
            throw new ModelLoadException(
                $"{source}: num_attention_heads ({heads}) must be divisible by num_key_value_heads ({keyValueHeads}).");
        if (config.Rope is not null && config.HeadDim % 2 != 0)
            throw new ModelLoadException($"{source}: head_dim must be even for rotary embeddings; got {config.HeadDim}.");
        if (config.NumExpertsPerToken > config.NumExperts)
            throw new ModelLoadException(
                $"{source}: num_experts_per_tok ({config.NumExpertsPerToken}) must be at most the number of experts "
                + $"({config.NumExperts}).");
    }

    /// <summary>Hidden size divided by the number of heads.</summary>
    /// <exception cref="ModelLoadException">It does not divide.</exception>
    public static int DeriveHeadDim(string source, int hiddenSize, int heads) => hiddenSize % heads == 0
        ? hiddenSize / heads
        : throw new ModelLoadException(
            $"{source}: hidden_size ({hiddenSize}) must be divisible by num_attention_heads ({heads}) where head_dim is not given.");
}
