namespace Grid.Engine.Weights.Gguf;

/// <summary>
/// Says for one model family how ggml's tensors (<c>blk.0.attn_q.weight</c>) become Hugging Face's: their names, and the layouts in which
/// the files differ. Stems are the middle of ggml's names, such as <c>attn_q</c>.
/// </summary>
/// <param name="layerPrefix">What Hugging Face has before the number of a layer.</param>
/// <param name="model">Stems outside the layers, and the names they become.</param>
/// <param name="layer">Stems of a layer, and the names they become; {0} is the expert.</param>
internal sealed class GgufTensorMap(string layerPrefix, Dictionary<string, string> model, Dictionary<string, string> layer)
{
    private const string BlockPrefix = "blk.";
    private const string Expert = "{0}";

    /// <summary>Stems of tensors whose heads have their halves interleaved: see <see cref="InterleavedTensor"/>.</summary>
    public IReadOnlyCollection<string> Interleaved { get; init; } = [];

    /// <summary>Stems of tensors whose matrices are the transposes of Hugging Face's.</summary>
    public IReadOnlyCollection<string> Transposed { get; init; } = [];

    /// <summary>Stems of tensors that are vectors in the files and matrices of one row in Hugging Face's checkpoints.</summary>
    public IReadOnlyCollection<string> Rows { get; init; } = [];

    /// <summary>Whether one tensor holds the same weight of all experts.</summary>
    public static bool IsMerged(string name) => StemOf(name).EndsWith("_exps", StringComparison.Ordinal);

    /// <summary>The stem of a layer's tensor; empty for one outside the layers.</summary>
    public static string StemOf(string name) =>
        name.StartsWith(BlockPrefix, StringComparison.Ordinal) && name.Split('.') is { Length: > 2 } parts ? parts[2] : "";

    /// <summary>
    /// Hugging Face's name, with {0} for the expert where <see cref="IsMerged"/>, or null for a tensor that no model asks for.
    /// </summary>
    public string? Translate(string name)
    {
        var dot = name.LastIndexOf('.');
        if (dot < 0 || name[dot..] is not (".weight" or ".bias")) return null;
        if (!name.StartsWith(BlockPrefix, StringComparison.Ordinal))
            return model.TryGetValue(name[..dot], out var stem) ? stem + name[dot..] : null;
        var parts = name[BlockPrefix.Length..dot].Split('.');
        if (parts.Length is not (2 or 3) || !layer.TryGetValue(parts[1], out var target)) return null;
        var (hasExpertInName, takesExpert) = (parts.Length == 3, target.Contains(Expert, StringComparison.Ordinal));
        if (takesExpert ? hasExpertInName == IsMerged(name) : hasExpertInName) return null;
        // Older files have a tensor for each expert: blk.0.ffn_gate.3.weight.
        if (hasExpertInName) target = target.Replace(Expert, parts[2], StringComparison.Ordinal);
        return $"{layerPrefix}{parts[0]}.{target}{name[dot..]}";
    }
}
