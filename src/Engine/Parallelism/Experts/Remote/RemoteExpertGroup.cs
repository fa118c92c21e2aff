using Grid.Engine.Configuration;
using Grid.Engine.Experts;
using Grid.Engine.Models.Files;
using Grid.Engine.Validation;
using Grid.Primitives.Ids;
using Microsoft.Extensions.Logging;

namespace Grid.Engine.Parallelism.Experts.Remote;

/// <summary>The expert shards of one replica outside this process.</summary>
internal sealed class RemoteExpertGroup : IExpertGroup, IExpertRegistry
{
    private readonly RemoteExperts _remote;
    private readonly TimeSpan _timeout;
    private readonly ExpertRebalancer? _rebalancer;
    private readonly ILogger _logger;
    private readonly TimeProvider _time;
    private readonly int _count;
    private readonly IDisposable?[] _connections;
    private readonly Lock _gate = new();
    private readonly bool[] _reported;
    private ExpertEndpoints _endpoints;
    private Action<ExpertEndpoints>? _subscribers;
    private bool _disposed;

    private RemoteExpertGroup(ModelConfig config, EngineOptions options, RemoteExperts remote, ILogger logger, TimeProvider time)
    {
        (_remote, _timeout, _logger, _time, _count) = (remote, options.CollectiveTimeout, logger, time, options.NumExpertShards);
        (_connections, _reported) = (new IDisposable?[_count], new bool[_count]);
        Directory =
            new ExpertDirectory(ExpertPlacement.Create(config, options), Enumerable.Range(0, _count).Select(ExpertShardId.NameOf));
        if (options.EnableEplb) _rebalancer = new ExpertRebalancer(Directory, options.Eplb, logger);
        _endpoints = new ExpertEndpoints(new string[_count], new string[_count]);
        Update(new ExpertEndpoints([.. remote.Nodes], [.. remote.Endpoints]));
    }

    public ExpertDirectory Directory { get; }

    public IExpertRegistry Registry => this;

    public ExpertEndpoints Endpoints
    {
        get
        {
            lock (_gate) return _endpoints;
        }
    }

    /// <summary>Begins to connect to the shards.</summary>
    /// <param name="options">The replica's options. The model's config.json must exist here.</param>
    /// <param name="remote">Where the shards are.</param>
    /// <param name="logger">Logs losses of shards and moves of experts.</param>
    /// <param name="time">The clock that waits follow; null: the system's.</param>
    /// <exception cref="ModelLoadException">The model has no experts, or fewer than there are shards.</exception>
    public static RemoteExpertGroup Create(EngineOptions options, RemoteExperts remote, ILogger logger, TimeProvider? time = null)
    {
        var config = ModelFiles.Resolve(options.Model, options.Revision).ReadConfig();
        EngineOptionsValidator.Validate(config, options);
        return new RemoteExpertGroup(config, options, remote, logger, time ?? TimeProvider.System);
    }

    public ExpertClient Connect(int rank) => new(this, new ExpertUsage(_count), _timeout, _time)
    {
        Rebalancer = rank == 0 ? _rebalancer : null,
    };

    public void Subscribe(Action<ExpertEndpoints> subscriber)
    {
        lock (_gate)
        {
            _subscribers += subscriber;
            subscriber(_endpoints);
        }
    }

    public void Unsubscribe(Action<ExpertEndpoints> subscriber)
    {
        lock (_gate) _subscribers -= subscriber;
    }

    public void Report(ExpertLinkChange change)
    {
        lock (_gate)
        {
            var isLost = change.Reason is not null;
            if (_disposed || _reported[change.Shard] == isLost || _endpoints.Endpoints[change.Shard] != change.Endpoint) return;
            _reported[change.Shard] = isLost;
        }

        if (change.Reason is null)
        {
            _remote.Found?.Invoke(change.Shard, change.Endpoint);
            return;
        }

        _logger.ExpertLost(ExpertShardId.NameOf(change.Shard), change.Endpoint, change.Reason);
        _remote.Lost?.Invoke(change.Shard, change.Endpoint, change.Reason);
    }

    /// <summary>Connects to the shards whose endpoints have changed.</summary>
    public void Update(ExpertEndpoints endpoints)
    {
        if (endpoints.Nodes.Length != _count || endpoints.Endpoints.Length != _count)
            throw new ArgumentException(
                $"Nodes and endpoints must be {_count} each; got {endpoints.Nodes.Length} and {endpoints.Endpoints.Length}.",
                nameof(endpoints));
        lock (_gate)
        {
            if (_disposed) return;
            var before = _endpoints;
            _endpoints = endpoints;
            for (var shard = 0; shard < _count; shard++)
                if (before.Endpoints[shard] != endpoints.Endpoints[shard])
                    ConnectTo(shard, endpoints.Nodes[shard], endpoints.Endpoints[shard]);
            _subscribers?.Invoke(endpoints);
        }
    }

    /// <summary>Uses a shard of this process if its endpoint is the current one.</summary>
    public void Attach(string endpoint, ExpertShardWorker shard)
    {
        lock (_gate)
        {
            if (_disposed || _endpoints.Endpoints[shard.Number] != endpoint) return;
            _connections[shard.Number]?.Dispose();
            _connections[shard.Number] = new AttachedExpert(shard, Directory);
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            Directory.Close();
            foreach (var connection in _connections) connection?.Dispose();
        }
    }

    private void ConnectTo(int shard, string node, string endpoint)
    {
        var name = $"{ExpertShardId.NameOf(shard)} ({node})";
        _connections[shard]?.Dispose();
        _connections[shard] = null;
        Directory.Rename(shard, name);
        _reported[shard] = false;
        if (_remote.IsHere?.Invoke(endpoint) == true) return;
        _connections[shard] = new ExpertConnection(
            shard,
            name,
            Directory,
            () => _remote.Connect(endpoint),
            _remote.Epoch,
            reason => Report(new ExpertLinkChange(shard, endpoint, reason)),
            _time);
    }
}
