using Grid.Engine.Configuration;

namespace Grid.Engine.Weights.Gguf;

/// <summary>Rotary embedding: <c>ARCH.rope.*</c> and the tensor <c>rope_freqs.weight</c>.</summary>
internal static class GgufRopeReader
{
    public static RopeParameters Read(GgufFile file, string prefix, int headDim)
    {
        var metadata = file.Metadata;
        if (metadata.Int($"{prefix}.rope.dimension_count") is { } rotated && rotated != headDim)
            throw new ModelLoadException(
                $"{file.Path}: metadata {prefix}.rope.dimension_count must be the width of a head ({headDim}); got {rotated}.");
        var type = ReadType(file, prefix);
        var result = new RopeParameters
        {
            Type = type,
            Theta = metadata.Double($"{prefix}.rope.freq_base") ?? 10000,
            Factor = type == "default"
                ? 1
                : metadata.Double($"{prefix}.rope.scaling.factor") ?? metadata.Double($"{prefix}.rope.scale_linear") ?? 1,
            OriginalMaxPositionEmbeddings = type == "default" ? null : metadata.Int($"{prefix}.rope.scaling.original_context_length"),
            AttentionFactor = metadata.Double($"{prefix}.rope.scaling.attn_factor"),
            FrequencyFactors = ReadFrequencyFactors(file, headDim),
        };
        return result.Theta > 0 && result.Factor > 0
            ? result
            : throw new ModelLoadException(
            $"{file.Path}: rope.freq_base ({result.Theta}) and rope.scaling.factor ({result.Factor}) must be above 0.");
    }

    private static string ReadType(GgufFile file, string prefix)
    {
        var metadata = file.Metadata;
        var type = metadata.String($"{prefix}.rope.scaling.type")
            ?? (metadata.Double($"{prefix}.rope.scale_linear") is { } scale and not 1 && scale > 0 ? "linear" : "none");
        return type switch
        {
            "none" => "default",
            "linear" or "yarn" => type,
            _ => throw new ModelLoadException($"{file.Path}: rope scaling {type} is not supported. Supported: none, linear, yarn."),
        };
    }

    private static float[]? ReadFrequencyFactors(GgufFile file, int headDim)
    {
        if (!file.Tensors.TryGetValue("rope_freqs.weight", out var info)) return null;
        if (info.Shape is not [var count] || count != headDim / 2)
            throw new ModelLoadException(
                $"{file.Path}: tensor rope_freqs.weight must have shape [{headDim / 2}]; got [{string.Join(", ", info.Shape)}].");
        var factors = new float[headDim / 2];
        file.Read(info, info.Name, info.Shape).ReadRows(0, factors.Length, factors);
        return Array.TrueForAll(factors, factor => factor > 0 && float.IsFinite(factor))
            ? factors
            : throw new ModelLoadException($"{file.Path}: tensor rope_freqs.weight must hold numbers above 0.");
    }
}
