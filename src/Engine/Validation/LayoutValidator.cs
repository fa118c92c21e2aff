using Grid.Engine.Configuration;
using Grid.Engine.Geometry;
using Grid.Engine.Models.Families;
using Grid.Primitives.Ids;

namespace Grid.Engine.Validation;

/// <summary>The rules of how a model can be split; messages are vLLM's where it has them.</summary>
internal static class LayoutValidator
{
    /// <summary>All rules that a layout breaks.</summary>
    /// <param name="config">The model; null: one without layers.</param>
    /// <param name="options">Sizes of at least 1.</param>
    public static IEnumerable<string> FindFaults(ModelConfig? config, EngineOptions options)
    {
        if (options.ExpertParallelSize is { } experts && !options.EnableExpertParallel)
            yield return $"--expert-parallel-size ({experts}) needs --enable-expert-parallel. Add it, or leave the size out.";
        if (options is { DistributedExecutorBackend: ExecutorBackend.Process, Devices.Kind: DeviceKind.Cuda }
            && options.TensorParallelSize * options.PipelineParallelSize > 1)
        {
            yield return $"--distributed-executor-backend {EngineChoices.Backends.NameOf(ExecutorBackend.Process)} exchanges tensors in "
                + "host memory, and --device is "
                + $"{options.Devices}. Use inprocess, which exchanges them over NCCL.";
        }

        if (config is null) yield break;
        foreach (var fault in FindTensorParallelFaults(config, options.TensorParallelSize, options.EnableExpertParallel))
            yield return fault;
        foreach (var fault in PipelinePartition.FindFaults(config.NumHiddenLayers, options.PipelineParallelSize,
            options.PipelineLayerPartition)) yield return fault;
        foreach (var fault in FindExpertFaults(config, options)) yield return fault;
    }

    private static IEnumerable<string> FindTensorParallelFaults(ModelConfig config, int size, bool wholeExperts)
    {
        var layers = config.NumHiddenLayers;
        var remedy = size <= layers ? $"Use --pipeline-parallel-size {size} with --tensor-parallel-size 1, which splits by layers."
            : layers > 1
            ? $"Use --pipeline-parallel-size {layers} with --tensor-parallel-size 1, which splits by layers; there are {layers}."
            : "Use --tensor-parallel-size 1; one layer is not split by layers either.";
        if (config.NumAttentionHeads % size != 0)
            yield return $"Total number of attention heads ({config.NumAttentionHeads}) must be divisible by tensor parallel size "
                + $"({size}). {remedy}";
        if (config.NumKeyValueHeads % size != 0 && size % config.NumKeyValueHeads != 0)
            yield return $"Total number of key/value heads ({config.NumKeyValueHeads}) must divide or be divisible by tensor parallel "
                + $"size ({size}). {remedy}";
        foreach (var (name, width) in ModelRegistry.Of(config).ShardedWidths(config, wholeExperts))
            if (width % size != 0) yield return $"{name} ({width}) must be divisible by tensor parallel size ({size}). {remedy}";
    }

    private static IEnumerable<string> FindExpertFaults(ModelConfig config, EngineOptions options)
    {
        if (options.EnableEplb && !options.EnableExpertParallel) yield return "--enable-eplb needs --enable-expert-parallel.";
        if (options.Eplb.NumRedundantExperts > 0 && !options.EnableEplb) yield return "num_redundant_experts needs --enable-eplb.";
        if (!options.EnableExpertParallel) yield break;
        if (config.NumExperts == 0) yield return $"Expert parallelism needs a mixture-of-experts model; {config.ModelType} has no experts.";
        else if (config.NumExperts < options.NumExpertShards)
            yield return $"Number of experts ({config.NumExperts}) must be at least expert parallel size ({options.NumExpertShards}).";
    }
}
