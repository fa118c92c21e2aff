using Grid.Engine.Parallelism.Runners;
using Grid.Engine.Configuration;
using Grid.Engine.Layers;
using Grid.Engine.Parallelism.Experts;
using Grid.Engine.Parallelism.Remote;
using Grid.Engine.Weights;
using Microsoft.Extensions.Logging;

using Grid.Engine.Execution;

namespace Grid.Engine.Loading;

/// <summary>Loads a model and makes the runner that the options ask for.</summary>
internal static class ModelRunnerFactory
{
    /// <summary>Reads all weights. To be called on the thread that will use and dispose the runner.</summary>
    /// <param name="weights">The checkpoint, needed until this returns; null only with <c>--load-format dummy</c>.</param>
    /// <param name="options">Runner, device, dtype, threads, block size.</param>
    /// <param name="progress">Receives the bytes read so far; null: no reports.</param>
    /// <param name="logger">Logs choices that were made.</param>
    /// <exception cref="ModelLoadException">The checkpoint is broken, or the options do not suit it.</exception>
    internal static IModelRunner Create(
        ModelConfig config, IWeightSource? weights, EngineOptions options, IProgress<LoadProgress>? progress, ILogger logger) =>
        Create(config, weights, options, experts: null, remote: null, progress, logger);

    /// <summary>The same with experts, or shards, in other processes.</summary>
    internal static IModelRunner Create(
        ModelConfig config, IWeightSource? weights, EngineOptions options, ExpertClient? experts, RemoteShards? remote,
        IProgress<LoadProgress>? progress, ILogger logger,
        TimeProvider? time = null)
    {
        if (options.TensorParallelSize * options.PipelineParallelSize > 1)
            return ParallelModelRunner.Load(config, weights, options, experts, remote, progress, logger, time);
        return ShardFactory.CreateShard(config, weights, options, ShardPlacement.Whole(config.NumHiddenLayers) with { Experts = experts },
            progress,
            logger);
    }
}
