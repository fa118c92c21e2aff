using Grid.Abstractions.Replicas;
using Grid.Engine.Configuration;
using Grid.Engine.Loading;
using Grid.Engine.Parallelism.Experts.Remote;
using Grid.Grains.Placement;
using Grid.Primitives.Options;
using Grid.Silo.DataPlane;

namespace Grid.Silo.Shards;

/// <summary>The expert shards that this node holds, and the connections of its ranks to theirs, here and on other nodes.</summary>
/// <param name="options">The options of the node.</param>
/// <param name="changed">Called when a shard on another node is lost.</param>
/// <param name="logger">The log of losses.</param>
internal sealed class HostedExperts(ShardHostOptions options, Action changed, ILogger logger) : IAsyncDisposable
{
    private readonly Dictionary<string, HostedExpert> _shards = [];
    private readonly Dictionary<(ReplicaId Replica, long Epoch), Task<ExpertShards>> _connections = [];
    private readonly Dictionary<string, ShardLoss> _lost = [];
    private readonly Lock _gate = new();

    /// <summary>Shards elsewhere that a rank of this node cannot reach.</summary>
    public ShardLoss[] Lost
    {
        get
        {
            lock (_gate) return [.. _lost.Values];
        }
    }

    /// <summary>Whether a replica's experts are shards of their own, which simulated ones never are.</summary>
    public static bool AreApart(ReplicaPlan plan) =>
        plan.Layout.Expert > 0 && plan.Shards[0].Device.Kind != DeviceKind.Sim;

    /// <summary>Loads an expert shard.</summary>
    /// <exception cref="ModelLoadException">It cannot be loaded here.</exception>
    public async Task LoadAsync(ReplicaPlan plan, ShardPlan place)
    {
        if (!AreApart(plan)) return;
        var engine = RankLoader.WithLayout(EngineOptionsReader.Read(plan.Spec, place.Device, options.CpuThreads), plan);
        if (ShardLayout.HasProcesses(plan))
        {
            await ConnectAsync(plan, engine);
            return;
        }

        var address = ShardAddress.Of(plan, place);
        HostedExpert shard;
        lock (_gate) _shards.Add(address.Key, shard = new HostedExpert(address, engine, options.DataPlane, logger));
        var loaded = await shard.Loaded;
        lock (_gate)
            if (_connections.TryGetValue((plan.Id, plan.Epoch), out var connection)) connection.Result.Attach(address.ToString(), loaded);
    }

    /// <summary>A rank's connection to its experts, which all ranks of a replica on this node share.</summary>
    /// <param name="engine">The options with which the ranks are loaded.</param>
    /// <exception cref="ModelLoadException">The model has no such experts.</exception>
    public Task<ExpertShards> ConnectAsync(ReplicaPlan plan, EngineOptions engine)
    {
        lock (_gate)
        {
            if (_connections.TryGetValue((plan.Id, plan.Epoch), out var known)) return known;
            var connection = ShardLayout.HasProcesses(plan)
                ? Task.Run(() => ExpertShards.Load(engine, logger))
                : Task.FromResult(Link(plan, engine));
            _connections.Add((plan.Id, plan.Epoch), connection);
            return connection;
        }
    }

    /// <summary>Leads the ranks to where their experts are now.</summary>
    public void Update(ReplicaPlan plan)
    {
        lock (_gate)
        {
            if (ShardLayout.HasProcesses(plan) || !_connections.TryGetValue((plan.Id, plan.Epoch), out var known)) return;
            var connection = known.Result;
            var places = ShardLayout.ExpertPlaces(plan);
            var endpoints = EndpointsOf(plan, places);
            connection.Update(NodesOf(places), endpoints);
            Attach(plan, connection);
            foreach (var endpoint in _lost.Where(
                loss => loss.Value.Replica == plan.Id && loss.Value.Epoch == plan.Epoch && !endpoints.Contains(loss.Key))
                .Select(loss => loss.Key).ToList()) _lost.Remove(endpoint);
        }
    }

    /// <summary>Lets go of the connections of a replica's ranks; none of them is loaded here any more.</summary>
    public async Task DisconnectAsync(ReplicaId replica, long epoch)
    {
        Task<ExpertShards>? connection;
        lock (_gate)
        {
            if (!_connections.Remove((replica, epoch), out connection)) return;
            foreach (var endpoint in _lost.Where(loss => loss.Value.Replica == replica && loss.Value.Epoch == epoch)
                .Select(loss => loss.Key).ToList()) _lost.Remove(endpoint);
        }

        await DisposeAsync(connection);
    }

    /// <summary>Unloads an expert shard.</summary>
    public async Task UnloadAsync(ShardAddress address)
    {
        HostedExpert? shard;
        lock (_gate) _shards.Remove(address.Key, out shard);
        if (shard is not null) await shard.DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        HostedExpert[] shards;
        Task<ExpertShards>[] connections;
        lock (_gate)
        {
            (shards, connections) = ([.. _shards.Values], [.. _connections.Values]);
            _shards.Clear();
            _connections.Clear();
        }

        foreach (var connection in connections) await DisposeAsync(connection);
        foreach (var shard in shards) await shard.DisposeAsync();
    }

    private static async Task DisposeAsync(Task<ExpertShards> connection)
    {
        // One that failed holds nothing.
        await connection.ContinueWith(static _ => { }, TaskScheduler.Default);
        if (connection.IsCompletedSuccessfully) (await connection).Dispose();
    }

    private static string[] NodesOf(ShardPlan[] places) => [.. places.Select(place => place.Node)];

    private static string[] EndpointsOf(ReplicaPlan plan, ShardPlan[] places) =>
        [.. places.Select(place => ShardAddress.Of(plan, place).ToString())];

    private Stream Dial(string endpoint) => options.DataPlane is { } plane
        ? plane.Dial(ShardAddress.Parse(endpoint), LinkKind.Peer, Timeout.InfiniteTimeSpan)
        : throw new IOException($"{options.Node} has no data plane.");

    private ExpertShards Link(ReplicaPlan plan, EngineOptions engine)
    {
        var places = ShardLayout.ExpertPlaces(plan);
        var connection = ExpertShards.Connect(engine,
            new RemoteExperts(plan.Epoch, NodesOf(places), EndpointsOf(plan, places), Dial, (_, endpoint, why) => Lose(endpoint, why),
            (_, endpoint) => Find(endpoint), IsHere), logger);
        Attach(plan, connection);
        return connection;

        // Tensors of another device of this node take the data plane too.
        bool IsHere(string endpoint) =>
            ShardAddress.Parse(endpoint).EndPoint == options.Facts.DataPlane
            && (options.DataPlane is null || engine.Devices.Kind == DeviceKind.Cpu);
    }

    // The gate is held.
    private void Attach(ReplicaPlan plan, ExpertShards connection)
    {
        foreach (var shard in _shards.Values)
            if (shard.Address.Replica == plan.Id && shard.Address.Epoch == plan.Epoch && shard.Loaded.IsCompletedSuccessfully)
                connection.Attach(shard.Address.ToString(), shard.Loaded.Result);
    }

    private void Lose(string endpoint, string why)
    {
        var address = ShardAddress.Parse(endpoint);
        lock (_gate) _lost[endpoint] = new ShardLoss(address.Replica, address.Epoch, address.Shard.Expert!.Value, address.Generation, why);
        changed();
    }

    private void Find(string endpoint)
    {
        lock (_gate) _lost.Remove(endpoint);
        changed();
    }
}
