using Grid.Engine.Configuration;
using Grid.Engine.Loading;
using Grid.Engine.Models.Files;
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
    private readonly bool[] _reported;
    private ExpertPlaces _places;
    private Action<ExpertPlaces>? _followers;
    private bool _disposed;

    private ExpertLinks(ModelConfig config, EngineOptions options, RemoteExperts remote, ILogger logger)
    {
        (_remote, _timeout, _logger) = (remote, options.CollectiveTimeout, logger);
        Shards = options.NumExpertShards;
        (_ways, _reported) = (new IDisposable?[Shards], new bool[Shards]);
        Directory = new ExpertDirectory(ExpertPlacement.Create(config, options), Enumerable.Range(0, Shards).Select(ExpertPlacement.NameOf));
        if (options.EnableEplb) _rebalancer = new ExpertRebalancer(Directory, options.Eplb, logger);
        _places = new ExpertPlaces(new string[Shards], new string[Shards]);
        Update(new ExpertPlaces([.. remote.Nodes], [.. remote.Endpoints]));
    }

    public ExpertDirectory Directory { get; }

    /// <summary>Expert parallel size.</summary>
    public int Shards { get; }

    public ExpertLinks Links => this;

    /// <summary>Where they are now.</summary>
    public ExpertPlaces Places
    {
        get
        {
            lock (_gate) return _places;
        }
    }

    /// <summary>Begins to dial them.</summary>
    /// <param name="options">Of the replica; the model's config.json has to be there.</param>
    /// <param name="remote">Where they are.</param>
    /// <param name="logger">Told of losses and moves.</param>
    /// <exception cref="ModelLoadException">The model has no experts, or not so many.</exception>
    public static ExpertLinks Create(EngineOptions options, RemoteExperts remote, ILogger logger)
    {
        var config = ModelFiles.Resolve(options.Model, options.Revision).ReadConfig();
        EngineOptionsValidator.Validate(config, options);
        return new ExpertLinks(config, options, remote, logger);
    }

    public ExpertClient Connect(int rank) => new(this, new ExpertUse(Shards), _timeout) { Rebalancer = rank == 0 ? _rebalancer : null };

    /// <summary>Tells somebody where they are, now and whenever that changes.</summary>
    public void Follow(Action<ExpertPlaces> follower)
    {
        lock (_gate)
        {
            _followers += follower;
            follower(_places);
        }
    }

    /// <summary>Tells no more.</summary>
    public void Unfollow(Action<ExpertPlaces> follower)
    {
        lock (_gate) _followers -= follower;
    }

    /// <summary>A shard is lost or found, for this process or for another one of the rank. Of a loss that several see, the first one counts.</summary>
    public void Report(ExpertLoss loss)
    {
        lock (_gate)
        {
            var isLost = loss.Reason is not null;
            if (_disposed || _reported[loss.Shard] == isLost || _places.Endpoints[loss.Shard] != loss.Endpoint) return;
            _reported[loss.Shard] = isLost;
        }

        if (loss.Reason is null)
        {
            _remote.Found?.Invoke(loss.Shard, loss.Endpoint);
            return;
        }

        _logger.LogWarning("Expert shard {Shard} at {Endpoint} is lost: {Reason}", ExpertPlacement.NameOf(loss.Shard), loss.Endpoint, loss.Reason);
        _remote.Lost?.Invoke(loss.Shard, loss.Endpoint, loss.Reason);
    }

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
            _followers?.Invoke(places);
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
            Directory.Close();
            foreach (var way in _ways) way?.Dispose();
        }
    }

    private void Lead(int shard, string node, string endpoint)
    {
        var name = $"{ExpertPlacement.NameOf(shard)} ({node})";
        _ways[shard]?.Dispose();
        _ways[shard] = null;
        Directory.Rename(shard, name);
        _reported[shard] = false;
        if (_remote.IsHere?.Invoke(endpoint) == true) return;
        _ways[shard] = new ExpertDialler(shard, name, Directory, () => _remote.Connect(endpoint), _remote.Epoch, why => Report(new ExpertLoss(shard, endpoint, why)));
    }
}
