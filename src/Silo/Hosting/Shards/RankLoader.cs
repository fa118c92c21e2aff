using Grid.Abstractions.Replicas;
using Grid.Engine;
using Grid.Engine.Loading;
using Grid.Silo.Hosting.Files;

namespace Grid.Silo.Hosting.Shards;

/// <summary>Loads the model of one rank as its plan asks.</summary>
/// <param name="options">Of the node.</param>
/// <param name="sources">What was found where the models' sources point.</param>
/// <param name="logger">Told of choices.</param>
/// <param name="timeProvider">Time of the engine.</param>
internal sealed class RankLoader(ShardHostOptions options, SourceTable sources, ILogger logger, TimeProvider timeProvider)
{
    /// <summary>Reads the weights and starts the engine.</summary>
    /// <param name="plan">The replica.</param>
    /// <param name="rank">N of dpN.</param>
    /// <param name="progress">Told of the share that is read, 0 to 1.</param>
    /// <param name="cancellation">Ends the load between two tensors.</param>
    /// <exception cref="ModelLoadException">It cannot be loaded here.</exception>
    public Task<ServedModel> LoadAsync(ReplicaPlan plan, int rank, Action<double> progress, CancellationToken cancellation)
    {
        var place = plan.Shards.First(shard => shard.Shard == ShardName.FirstOf(rank));
        var engine = KeepToReservation(EngineOptionsReader.Read(plan.Spec, place.Device, options.CpuThreads), plan, place) with
        {
            TensorParallelSize = plan.Layout.Tensor,
            PipelineParallelSize = plan.Layout.Pipeline,
        };
        return Task.Run(
            () => ModelLoader.LoadAsync(
                engine, plan.Model, new Progress(progress, cancellation), logger, timeProvider, EngineOptionsReader.ReadSimulation(plan.Spec.Sim), rank, cancellation),
            cancellation);
    }

    /// <summary>The KV cache gets what the ledger has promised beyond the weights, where the specification names no size.</summary>
    private EngineOptions KeepToReservation(EngineOptions engine, ReplicaPlan plan, ShardPlan place)
    {
        if (engine.KVCacheMemoryBytes is not null || engine.NumGpuBlocksOverride is not null || place.Device.StartsWith("sim", StringComparison.Ordinal)) return engine;
        if (sources.Found.FirstOrDefault(files => files.Source == plan.Spec.Source) is not { WeightsBytes: > 0 } files) return engine;
        var cache = place.ReservedBytes - files.WeightsBytes / (plan.Layout.Tensor * plan.Layout.Pipeline);
        return cache > 0 ? engine with { KVCacheMemoryBytes = cache } : engine;
    }

    private sealed class Progress(Action<double> progress, CancellationToken cancellation) : IProgress<LoadProgress>
    {
        public void Report(LoadProgress value)
        {
            cancellation.ThrowIfCancellationRequested();
            if (value.Total > 0) progress((double)value.Done / value.Total);
        }
    }
}
