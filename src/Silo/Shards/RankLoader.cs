using Grid.Abstractions.Replicas;
using Grid.Engine.Configuration;
using Grid.Engine.Parallelism.Remote;
using Grid.Engine.Serving;
using Grid.Grains.Placement;
using Grid.Primitives.Options;
using Grid.Silo.DataPlane;
using Grid.Silo.Files;

namespace Grid.Silo.Shards;

/// <summary>Loads the model of one rank as its plan asks.</summary>
/// <param name="options">The options of the node.</param>
/// <param name="experts">The expert shards of replicas that have any.</param>
/// <param name="sources">What was found at the models' sources.</param>
/// <param name="logger">The log of choices.</param>
/// <param name="timeProvider">Time of the engine.</param>
internal sealed class RankLoader(ShardHostOptions options, SourceTable sources, HostedExperts experts, ILogger logger,
    TimeProvider timeProvider)
{
    /// <summary>Reads the weights and starts the engine.</summary>
    /// <param name="rank">The number of the rank within its replica: N of dpN.</param>
    /// <param name="progress">Gets the share that is read, from 0 to 1.</param>
    /// <param name="cancellation">Ends the load between two tensors, or while it waits for shards on other nodes.</param>
    /// <exception cref="ModelLoadException">It cannot be loaded here.</exception>
    public async Task<ServedModel> LoadAsync(ReplicaPlan plan, int rank, Action<double> progress, CancellationToken cancellation)
    {
        var place = plan.Shards.First(shard => shard.Shard == ShardId.DriverOf(rank));
        var engine = WithLayout(
            KeepToReservation(EngineOptionsReader.Read(plan.Spec, DevicesOf(plan, rank), options.CpuThreads), plan, place), plan);
        var shared = HostedExperts.AreApart(plan) ? await experts.ConnectAsync(plan, engine) : null;
        // Only while it loads: once it serves, its shards live until it is disposed.
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        try
        {
            return await Task.Run(
                () => ModelLoader.LoadAsync(
                    engine,
                    plan.Model,
                    new Progress(progress, cancellation),
                    logger,
                    timeProvider,
                    EngineOptionsReader.ReadSimulation(plan.Spec.Sim),
                    rank,
                    ShardLayout.IsSpread(plan, place.Shard) ? Remote(plan, rank, stop.Token) : null,
                    shared,
                    cancellation),
                cancellation);
        }
        catch (ModelLoadException) when (cancellation.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellation);
        }
    }

    /// <summary>The options with the plan's sizes of one rank and of the experts that it asks.</summary>
    public static EngineOptions WithLayout(EngineOptions engine, ReplicaPlan plan) => WithBalance(engine, plan) with
    {
        TensorParallelSize = plan.Layout.Tensor,
        PipelineParallelSize = plan.Layout.Pipeline,
        PipelineLayerPartition = plan.PipelineLayers is { Length: > 0 } planned
            ? planned
            : plan.Spec.Parallelism?.PipelineLayers is { Length: > 0 } layers ? layers : null,
        DistributedExecutorBackend = ShardLayout.HasProcesses(plan) ? ExecutorBackend.Process : ExecutorBackend.InProcess,
        EnableExpertParallel = plan.Layout.Expert > 0,
        ExpertParallelSize = plan.Layout.Expert > 0 ? plan.Layout.Expert : null,
    };

    /// <summary>The devices of the rank's shards: the GPU that the plan names for each, one CPU for all, or simulated ones.</summary>
    internal static DeviceList DevicesOf(ReplicaPlan plan, int rank)
    {
        var places = ShardLayout.RankPlaces(plan, rank);
        var devices = places.Select(place => place.Device).ToArray();
        return devices[0].Kind == DeviceKind.Cuda ? DeviceList.Of(devices) : devices[0];
    }

    // A planner that chose no expert shards leaves nothing to balance; if the sizes were given, that is an error.
    private static EngineOptions WithBalance(EngineOptions engine, ReplicaPlan plan) =>
        engine.EnableEplb && plan.Layout.Expert == 0 && plan.Spec.Parallelism is not { Auto: false }
            ? engine with { EnableEplb = false, Eplb = engine.Eplb with { NumRedundantExperts = 0 } }
            : engine;

    private RemoteShards Remote(ReplicaPlan plan, int rank, CancellationToken stop)
    {
        var places = ShardLayout.RankPlaces(plan, rank);
        ShardAddress[] addresses = [.. places.Select(place => ShardAddress.Of(plan, place))];
        return new RemoteShards(
            plan.Epoch,
            [.. places.Select(place => place.Node)],
            [.. addresses.Select(address => address.ToString())],
            shard => options.DataPlane!.Dial(addresses[shard], LinkKind.Control, Timeout.InfiniteTimeSpan),
            stop);
    }

    /// <summary>The KV cache gets what the ledger has promised beyond the weights, where the specification names no size.</summary>
    private EngineOptions KeepToReservation(EngineOptions engine, ReplicaPlan plan, ShardPlan place)
    {
        if (engine.KVCacheMemoryBytes is not null || engine.NumGpuBlocksOverride is not null
            || engine.Devices.Kind == DeviceKind.Sim) return engine;
        // Every shard of the rank has as many blocks: the one with the most layers decides how many.
        if (ShardLayout.RankPlaces(plan, place.Shard.Rank).Max(shard => shard.CacheBytes) is > 0 and var planned)
            return engine with { KVCacheMemoryBytes = planned };
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
