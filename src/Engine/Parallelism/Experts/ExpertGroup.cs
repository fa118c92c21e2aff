using Grid.Engine.Execution;
using Grid.Engine.Layers;
using Grid.Engine.Layers.Experts;
using Grid.Engine.Models;
using Grid.Engine.Weights;
using Microsoft.Extensions.Logging;

namespace Grid.Engine.Parallelism.Experts;

/// <summary>The expert shards of one replica in this process, shared by its attention ranks.</summary>
internal sealed class ExpertGroup : IDisposable
{
    private readonly Func<int, ExpertShardWorker> _start;
    private readonly ExpertShardWorker[] _shards;
    private readonly EngineOptions _options;
    private readonly IWeightSource _weights;

    private ExpertGroup(ModelConfig config, EngineOptions options, IWeightSource weights, Func<int, ExpertPlacement, ExpertShardWorker> start, ILogger logger)
    {
        (_options, _weights) = (options, weights);
        int[] layers = [.. Enumerable.Range(0, config.NumHiddenLayers).Where(config.IsMoeLayer)];
        var placement = ExpertPlacement.Create(config.NumHiddenLayers, config.NumExperts, options.NumExpertShards, options.ExpertPlacementStrategy);
        Load = new ExpertLoad(config.NumHiddenLayers, config.NumExperts);
        _start = number => start(number, Directory!.Placement);
        _shards = [.. Enumerable.Range(0, options.NumExpertShards).Select(number => start(number, placement))];
        Directory = new ExpertDirectory(placement, _shards);
        if (options.EnableEplb) Rebalancer = new ExpertRebalancer(Directory, Load, options.Eplb, layers, logger);
    }

    /// <summary>Where the experts are.</summary>
    public ExpertDirectory Directory { get; }

    /// <summary>What they were sent.</summary>
    public ExpertLoad Load { get; }

    /// <summary>Moves them; null where that was not asked for.</summary>
    public ExpertRebalancer? Rebalancer { get; }

    /// <summary>Loads the shards of a model, or gives null where its experts are to be sliced.</summary>
    /// <param name="config">The model.</param>
    /// <param name="openWeights">Opens its checkpoint; null: dummy weights.</param>
    /// <param name="options">Sizes and strategy.</param>
    /// <param name="logger">Told of moves.</param>
    public static ExpertGroup? Start(ModelConfig config, Func<IWeightSource>? openWeights, EngineOptions options, ILogger logger)
    {
        if (options.NumExpertShards == 0) return null;
        var names = ModelRegistry.ExpertsOf(config);
        var oneAtATime = new Lock();
        // Kept open: experts are read again when they move.
        var source = openWeights?.Invoke() ?? new DummyWeightSource(options.Seed ?? 0);
        var group = new ExpertGroup(config, options, source, (number, placement) =>
        {
            (int, int)[] held = [.. from layer in Enumerable.Range(0, config.NumHiddenLayers)
                                    where config.IsMoeLayer(layer)
                                    from expert in placement.HeldBy(number, layer)
                                    select (layer, expert)];
            return new ExpertShardWorker($"ep{number}", held, (layer, expert) =>
            {
                lock (oneAtATime) return LoadExpert(layer, expert);
            });
        }, logger);
        try
        {
            foreach (var shard in group._shards) shard.Loaded.GetAwaiter().GetResult();
            return group;
        }
        catch
        {
            group.Dispose();
            throw;
        }

        (LayerContext, GatedMlp) LoadExpert(int layer, int expert)
        {
            using var loader = new WeightLoader(source);
            var context = ModelRunnerFactory.CreateContext(config, loader, options, ShardPlacement.Whole(config.NumHiddenLayers), logger);
            return (context, names.Load(context, layer, expert));
        }
    }

    /// <summary>A rank's way to them.</summary>
    /// <param name="rank">The first one's steps decide when experts move.</param>
    public ExpertClient Connect(int rank) => new(Directory, Load, rank == 0 ? Rebalancer : null, _options.CollectiveTimeout);

    /// <summary>Places a shard anew after it was lost.</summary>
    public void Restart(int number)
    {
        _shards[number].Dispose();
        _shards[number] = _start(number);
        _shards[number].Loaded.GetAwaiter().GetResult();
        Directory.Replace(number, _shards[number]);
    }

    /// <summary>Ends a shard as a crash would, without a successor.</summary>
    public void Kill(int number) => _shards[number].Dispose();

    public void Dispose()
    {
        foreach (var shard in _shards) shard.Dispose();
        _weights.Dispose();
    }
}
