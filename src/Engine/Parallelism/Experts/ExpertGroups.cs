using Grid.Engine.Configuration;
using Grid.Engine.Parallelism.Experts.Processes;
using Grid.Engine.Weights;
using Microsoft.Extensions.Logging;

namespace Grid.Engine.Parallelism.Experts;

/// <summary>Starts expert shards on this host.</summary>
internal static class ExpertGroups
{
    /// <summary>As threads or as processes (<c>--distributed-executor-backend</c>); null where experts are to be sliced, or there are none.</summary>
    /// <param name="config">The model.</param>
    /// <param name="openWeights">Opens its checkpoint; null: dummy weights.</param>
    /// <param name="options">Sizes and strategy.</param>
    /// <param name="logger">Told of moves and losses.</param>
    /// <exception cref="ModelLoadException">They cannot be loaded.</exception>
    public static IExpertGroup? Start(ModelConfig config, Func<IWeightSource>? openWeights, EngineOptions options, ILogger logger) =>
        options.NumExpertShards > 0 && options.DistributedExecutorBackend == ExecutorBackend.Process
            ? ExpertProcesses.Start(options, logger)
            : ExpertGroup.Start(config, options.LoadFormat == LoadFormat.Dummy ? null : openWeights, options, logger);
}
