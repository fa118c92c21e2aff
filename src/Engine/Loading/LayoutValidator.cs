using System.Globalization;
using Grid.Engine.Configuration;
using Grid.Engine.Models.Families;

namespace Grid.Engine.Loading;

/// <summary>Checks whether a model can be split as asked; messages are vLLM's where it has them.</summary>
public static class LayoutValidator
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
            if (size < 1) throw Fault($"{flag} must be at least 1; got {size}.");
        if (options.CollectiveTimeout <= TimeSpan.Zero)
            throw Fault(string.Create(CultureInfo.InvariantCulture, $"--collective-timeout must be more than 0s; got {options.CollectiveTimeout.TotalSeconds}s. The default is 30s."));
        if (options.ExpertParallelSize is { } experts && !options.EnableExpertParallel)
            throw Fault($"--expert-parallel-size ({experts}) needs --enable-expert-parallel. Add it, or leave the size out.");
        if (options.DistributedExecutorBackend == "process" && options.TensorParallelSize * options.PipelineParallelSize > 1 && options.Device.StartsWith("cuda", StringComparison.Ordinal))
            throw Fault($"--distributed-executor-backend process exchanges tensors in host memory, and --device is {options.Device}. Use inprocess, which exchanges them over NCCL.");
        if (config is not null)
        {
            ValidateTensorParallel(config, options.TensorParallelSize, options.EnableExpertParallel);
            ValidatePipelineParallel(config, options.PipelineParallelSize);
            ValidateExpertParallel(config, options);
        }
    }

    private static void ValidateTensorParallel(ModelConfig config, int size, bool wholeExperts)
    {
        var layers = config.NumHiddenLayers;
        var remedy = size <= layers ? $"Use --pipeline-parallel-size {size} with --tensor-parallel-size 1, which splits by layers."
            : layers > 1 ? $"Use --pipeline-parallel-size {layers} with --tensor-parallel-size 1, which splits by layers; there are {layers}."
            : "Use --tensor-parallel-size 1; one layer is not split by layers either.";
        if (config.NumAttentionHeads % size != 0)
            throw Fault($"Total number of attention heads ({config.NumAttentionHeads}) must be divisible by tensor parallel size ({size}). {remedy}");
        if (config.NumKeyValueHeads % size != 0 && size % config.NumKeyValueHeads != 0)
            throw Fault($"Total number of key/value heads ({config.NumKeyValueHeads}) must divide or be divisible by tensor parallel size ({size}). {remedy}");
        foreach (var (name, width) in ModelRegistry.Of(config).ShardedWidths(config, wholeExperts))
            if (width % size != 0) throw Fault($"{name} ({width}) must be divisible by tensor parallel size ({size}). {remedy}");
    }

    private static void ValidatePipelineParallel(ModelConfig config, int size)
    {
        if (config.NumHiddenLayers < size)
            throw Fault($"Number of layers ({config.NumHiddenLayers}) must be at least pipeline parallel size ({size}).");
    }

    private static void ValidateExpertParallel(ModelConfig config, EngineOptions options)
    {
        if (options.EnableEplb && !options.EnableExpertParallel) throw Fault("--enable-eplb needs --enable-expert-parallel.");
        if (options.Eplb.NumRedundantExperts < 0) throw Fault($"num_redundant_experts must be at least 0; got {options.Eplb.NumRedundantExperts}.");
        if (options.Eplb.NumRedundantExperts > 0 && !options.EnableEplb) throw Fault("num_redundant_experts needs --enable-eplb.");
        if (!options.EnableExpertParallel) return;
        if (config.NumExperts == 0) throw Fault($"Expert parallelism needs a mixture-of-experts model; {config.ModelType} has no experts.");
        if (options.NumExpertShards < 1) throw Fault($"--expert-parallel-size must be at least 1; got {options.NumExpertShards}.");
        if (config.NumExperts < options.NumExpertShards)
            throw Fault($"Number of experts ({config.NumExperts}) must be at least expert parallel size ({options.NumExpertShards}).");
        if (options.ExpertPlacementStrategy is not ("linear" or "round_robin"))
            throw Fault($"--expert-placement-strategy must be linear or round_robin; got {options.ExpertPlacementStrategy}.");
    }

    private static ModelLoadException Fault(string message) => new(message, ModelLoadFault.Layout);
}
