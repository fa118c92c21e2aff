namespace Grid.TestUtilities.Matrix;

/// <summary>Which cases of the matrix cannot be, and how that is said.</summary>
public static class StatedRefusals
{
    private static readonly Dictionary<(string Family, string Layout), string> BySizes = new()
    {
        [("llama-bias-headdim", "TP2")] = "Total number of key/value heads (3) must divide or be divisible by tensor parallel size (2).",
        [("llama-bias-headdim", "TP2xPP2")] =
            "Total number of key/value heads (3) must divide or be divisible by tensor parallel size (2).",
        [("llama-bias-headdim", "TP4")] = "Total number of attention heads (6) must be divisible by tensor parallel size (4).",
        [("llama-v5config", "PP3")] = "Number of layers (2) must be at least pipeline parallel size (3).",
    };

    // What config.json calls a family that has no experts.
    private static readonly string[] Dense = ["gpt2", "llama", "mistral", "opt", "qwen2", "qwen3"];

    /// <summary>How the refusal begins; null: the model can be divided so.</summary>
    public static string? Find(string family, string layout)
    {
        if (BySizes.TryGetValue((family, layout), out var refusal)) return refusal;
        if (!layout.Contains("EP", StringComparison.Ordinal) || family.EndsWith("-moe", StringComparison.Ordinal) || family == "mixtral")
            return null;
        return $"Expert parallelism needs a mixture-of-experts model; {Dense.Single(type => family.Split('-')[0] == type)} has no experts.";
    }
}
