using Grid.Engine.Configuration;
using Grid.Engine.Parallelism.Experts.Links;
using Grid.Engine.Weights;
using Microsoft.Extensions.Logging;

namespace Grid.Engine.Parallelism.Experts;

/// <summary>The expert shards of one replica in this process, shared by its attention ranks.</summary>
internal sealed class ExpertGroup : IExpertGroup
{
    private readonly ExpertLoader _loader;
    private readonly ExpertShardWorker[] _shards;
    private readonly EngineOptions _options;

    private ExpertGroup(ModelConfig config, EngineOptions options, ExpertLoader loader, ILogger logger)
    {
        (_options, _loader) = (options, loader);
        var placement = ExpertPlacement.Create(config, options);
        Directory = new ExpertDirectory(placement, Enumerable.Range(0, options.NumExpertShards).Select(ExpertPlacement.NameOf));
        _shards = [.. Enumerable.Range(0, options.NumExpertShards).Select(number => loader.Start(number, placement))];
        foreach (var shard in _shards) Directory.Replace(shard.Number, shard);
        if (options.EnableEplb) Rebalancer = new ExpertRebalancer(Directory, options.Eplb, logger);
    }

    public ExpertDirectory Directory { get; }

    public ExpertLinks? Links => null;

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
        var group = new ExpertGroup(config, options, new ExpertLoader(config, openWeights, options, logger), logger);
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
    }

    public ExpertClient Connect(int rank) => new(this, new ExpertUse(_options.NumExpertShards), _options.CollectiveTimeout) { Rebalancer = rank == 0 ? Rebalancer : null };

    /// <summary>Places a shard anew after it was lost.</summary>
    public void Restart(int number)
    {
        _shards[number].Dispose();
        _shards[number] = _loader.Start(number, Directory.Placement);
        _shards[number].Loaded.GetAwaiter().GetResult();
        Directory.Replace(number, _shards[number]);
    }

    /// <summary>Ends a shard as a crash would, without a successor.</summary>
    public void Kill(int number) => _shards[number].Dispose();

    public void Dispose()
    {
        foreach (var shard in _shards) shard.Dispose();
        _loader.Dispose();
    }
}
