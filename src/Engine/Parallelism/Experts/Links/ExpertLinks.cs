using Grid.Engine.Models;
using Microsoft.Extensions.Logging;

namespace Grid.Engine.Parallelism.Experts.Links;

/// <summary>The expert shards of one replica where they stand elsewhere.</summary>
internal sealed class ExpertLinks : IExpertGroup
{
    private readonly RemoteExperts _remote;
    private readonly TimeSpan _timeout;
    private readonly ExpertRebalancer? _rebalancer;
    private readonly ILogger _logger;
    private readonly IDisposable?[] _ways;
    private readonly Lock _gate = new();
    private ExpertPlaces _places;
    private bool _disposed;

    /// <param name="config">The model.</param>
    /// <param name="options">Sizes and strategy.</param>
    /// <param name="remote">Where they are.</param>
    /// <param name="logger">Told of losses and moves.</param>
    public ExpertLinks(ModelConfig config, EngineOptions options, RemoteExperts remote, ILogger logger)
    {
        (_remote, _timeout, _logger) = (remote, options.CollectiveTimeout, logger);
        Shards = options.NumExpertShards;
        _ways = new IDisposable?[Shards];
        Directory = new ExpertDirectory(ExpertPlacement.Create(config, options), Enumerable.Range(0, Shards).Select(ExpertPlacement.NameOf));
        if (options.EnableEplb) _rebalancer = new ExpertRebalancer(Directory, options.Eplb, logger);
        _places = new ExpertPlaces(new string[Shards], new string[Shards]);
        Update(new ExpertPlaces([.. remote.Nodes], [.. remote.Endpoints]));
    }

    public ExpertDirectory Directory { get; }

    /// <summary>Expert parallel size.</summary>
    public int Shards { get; }

    public ExpertClient Connect(int rank) => new(this, new ExpertUse(Shards), _timeout) { Rebalancer = rank == 0 ? _rebalancer : null };

    /// <summary>Dials the shards whose endpoints have changed.</summary>
    public void Update(ExpertPlaces places)
    {
        if (places.Nodes.Length != Shards || places.Endpoints.Length != Shards)
            throw new ArgumentException($"There are {Shards} expert shards, and {places.Nodes.Length} nodes and {places.Endpoints.Length} endpoints.", nameof(places));
        lock (_gate)
        {
            if (_disposed) return;
            var before = _places;
            _places = places;
            for (var shard = 0; shard < Shards; shard++)
                if (before.Endpoints[shard] != places.Endpoints[shard]) Lead(shard, places.Nodes[shard], places.Endpoints[shard]);
        }
    }

    /// <summary>Puts a shard of this process in its place.</summary>
    public void Attach(string endpoint, ExpertShardWorker shard)
    {
        lock (_gate)
        {
            if (_disposed || _places.Endpoints[shard.Number] != endpoint) return;
            _ways[shard.Number]?.Dispose();
            _ways[shard.Number] = new AttachedExpert(shard, Directory);
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            foreach (var way in _ways) way?.Dispose();
        }
    }

    private void Lead(int shard, string node, string endpoint)
    {
        var name = $"{ExpertPlacement.NameOf(shard)} ({node})";
        _ways[shard]?.Dispose();
        _ways[shard] = null;
        Directory.Rename(shard, name);
        if (_remote.IsHere?.Invoke(endpoint) == true) return;
        _ways[shard] = new ExpertDialler(shard, name, Directory, () => _remote.Connect(endpoint), _remote.Epoch, why =>
        {
            _logger.LogWarning("Expert shard {Shard} is lost: {Reason}", name, why);
            _remote.Lost?.Invoke(shard, endpoint, why);
        });
    }
}
