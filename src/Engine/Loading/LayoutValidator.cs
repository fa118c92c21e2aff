using Grid.Engine.Models;

namespace Grid.Engine.Loading;

/// <summary>Checks whether a model can be split as asked; messages are vLLM's where it has them.</summary>
internal static class LayoutValidator
{
    /// <summary>Reports sizes that do not divide.</summary>
    /// <param name="config">The model, or null for one without layers.</param>
    /// <param name="options">The sizes.</param>
    /// <exception cref="ModelLoadException">Of kind <see cref="ModelLoadFault.Layout"/>.</exception>
    public static void Validate(ModelConfig? config, EngineOptions options)
    {
        (string Flag, int Size)[] sizes =
        [
            ("--tensor-parallel-size", options.TensorParallelSize),
            ("--pipeline-parallel-size", options.PipelineParallelSize),
            ("--data-parallel-size", options.DataParallelSize),
        ];
        foreach (var (flag, size) in sizes)
            if (size < 1) throw Fault($"{flag} must be at least 1 and is {size}.");
        if (config is not null)
        {
            ValidateTensorParallel(config, options.TensorParallelSize);
            ValidatePipelineParallel(config, options.PipelineParallelSize);
        }
    }

    private static void ValidateTensorParallel(ModelConfig config, int size)
    {
        var remedy = $"Use --pipeline-parallel-size {size} with --tensor-parallel-size 1, which splits by layers.";
        if (config.NumAttentionHeads % size != 0)
            throw Fault($"Total number of attention heads ({config.NumAttentionHeads}) must be divisible by tensor parallel size ({size}). {remedy}");
        if (config.NumKeyValueHeads % size != 0 && size % config.NumKeyValueHeads != 0)
            throw Fault($"Total number of key/value heads ({config.NumKeyValueHeads}) must divide or be divisible by tensor parallel size ({size}). {remedy}");
        foreach (var (name, width) in ShardedWidths(config))
            if (width % size != 0) throw Fault($"{name} ({width}) must be divisible by tensor parallel size ({size}). {remedy}");
    }

    private static void ValidatePipelineParallel(ModelConfig config, int size)
    {
        if (config.NumHiddenLayers < size)
            throw Fault($"Number of layers ({config.NumHiddenLayers}) must be at least pipeline parallel size ({size}).");
    }

    private static IEnumerable<(string Name, int Width)> ShardedWidths(ModelConfig config)
    {
        var intermediate = config.ModelType switch
        {
            "gpt2" => "n_inner",
            "opt" => "ffn_dim",
            _ => "intermediate_size",
        };
        var layers = Enumerable.Range(0, config.NumHiddenLayers);
        if (!layers.All(config.IsMoeLayer)) yield return (intermediate, config.IntermediateSize);
        if (!layers.Any(config.IsMoeLayer)) yield break;
        // Mixtral's experts have no width of their own in config.json.
        yield return (config.ModelType == "mixtral" ? intermediate : "moe_intermediate_size", config.MoeIntermediateSize);
        if (config.SharedExpertIntermediateSize > 0) yield return ("shared_expert_intermediate_size", config.SharedExpertIntermediateSize);
    }

    private static ModelLoadException Fault(string message) => new(message, ModelLoadFault.Layout);
}
