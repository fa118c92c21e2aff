using Grid.Engine.Configuration;
using Grid.Engine.Experts;
using Grid.Engine.Weights;
using Grid.Primitives.Ids;
using Microsoft.Extensions.Logging;

namespace Grid.Engine.Parallelism.Experts;

/// <summary>The expert shards of one replica as threads of this process, shared by its attention ranks.</summary>
internal sealed class LocalExpertGroup : IExpertGroup
{
    private readonly ExpertLoader _loader;
    private readonly ExpertShardWorker[] _shards;
    private readonly EngineOptions _options;
    private readonly TimeProvider _time;

    private LocalExpertGroup(ModelConfig config, EngineOptions options, ExpertLoader loader, ILogger logger, TimeProvider time)
    {
        (_options, _loader, _time) = (options, loader, time);
        var placement = ExpertPlacement.Create(config, options);
        Directory = new ExpertDirectory(placement, Enumerable.Range(0, options.NumExpertShards).Select(ExpertShardId.NameOf));
        _shards = [.. Enumerable.Range(0, options.NumExpertShards).Select(number => loader.Start(number, placement))];
        foreach (var shard in _shards) Directory.Replace(shard.Number, shard);
        if (options.EnableEplb) Rebalancer = new ExpertRebalancer(Directory, options.Eplb, logger);
    }

    public ExpertDirectory Directory { get; }

    public IExpertRegistry? Registry => null;

    /// <summary>The shards in the order of their numbers.</summary>
    public IReadOnlyList<ExpertShardWorker> Shards => _shards;

    /// <summary>Moves experts by their load; null unless the options ask for that.</summary>
    public ExpertRebalancer? Rebalancer { get; }

    /// <summary>Loads the shards of a model. Returns null if the options have no expert shards.</summary>
    /// <param name="openWeights">Opens its checkpoint; null: dummy weights.</param>
    /// <param name="options">Number of shards, strategy, device, threads.</param>
    /// <param name="logger">Logs moves of experts.</param>
    /// <param name="time">The clock that waits for answers follow; null: the system's.</param>
    public static LocalExpertGroup? Start(
        ModelConfig config, Func<IWeightSource>? openWeights, EngineOptions options, ILogger logger, TimeProvider? time = null)
    {
        if (options.NumExpertShards == 0) return null;
        var loader = new ExpertLoader(config, openWeights, options, logger);
        var group = new LocalExpertGroup(config, options, loader, logger, time ?? TimeProvider.System);
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

    public ExpertClient Connect(int rank) => new(this, new ExpertUsage(_options.NumExpertShards), _options.CollectiveTimeout, _time)
    {
        Rebalancer = rank == 0 ? Rebalancer : null,
    };

    public void Dispose()
    {
        foreach (var shard in _shards) shard.Dispose();
        _loader.Dispose();
    }
}
