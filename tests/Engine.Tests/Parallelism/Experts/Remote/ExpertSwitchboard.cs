using System.Collections.Concurrent;
using System.Net.Sockets;
using Grid.Engine.Loading;
using Grid.Engine.Parallelism.Experts;
using Grid.Engine.Parallelism.Experts.Remote;
using Grid.Engine.Tests.Parallelism.Links;
using Grid.Primitives.Options;
using Microsoft.Extensions.Logging.Abstractions;

namespace Grid.Engine.Tests.Parallelism.Experts.Remote;

/// <summary>Expert shards behind sockets, under names, that a test can cut off, kill and place anew.</summary>
internal sealed class ExpertSwitchboard(EngineOptions options, long epoch = 7) : IDisposable
{
    private readonly ConcurrentDictionary<string, ExpertShardHost> _hosts = new();
    private readonly ConcurrentBag<(string Endpoint, Stream Stream)> _streams = [];

    /// <summary>What ranks were told to have lost.</summary>
    public ConcurrentQueue<(int Number, string Endpoint)> Losses { get; } = new();

    /// <summary>What ranks were told to have found again.</summary>
    public BlockingCollection<(int Number, string Endpoint)> Finds { get; } = [];

    public string[] Nodes { get; } = [.. Enumerable.Range(0, options.NumExpertShards).Select(shard => $"node-{shard}")];

    public string[] Endpoints { get; } = [.. Enumerable.Range(0, options.NumExpertShards).Select(shard => $"ep{shard}/1")];

    /// <summary>Told of each loss.</summary>
    public Action<int>? Lost { get; set; }

    /// <summary>Has a lost shard placed anew, once a step waits for it: by then it has asked the other shard.</summary>
    /// <param name="other">A shard that the step asks too.</param>
    /// <param name="ranks">To tell where it is.</param>
    public Task PlaceAnewWhereMissed(int other, params ExpertShards[] ranks)
    {
        var (rows, placed) = (RowsOf(other), new TaskCompletionSource());
        Lost = shard => _ = Task.Run(() =>
        {
            SpinWait.SpinUntil(() => RowsOf(other) > rows);
            PlaceAnew(shard, 2);
            foreach (var experts in ranks) experts.Update(Nodes, Endpoints);
            placed.SetResult();
        });
        return placed.Task;
    }

    /// <summary>Loads the shard that an endpoint names.</summary>
    public void Place(int shard) => _hosts[Endpoints[shard]] = ExpertShardHost.Load(options, shard, NullLogger.Instance);

    public void PlaceAll()
    {
        for (var shard = 0; shard < options.NumExpertShards; shard++) Place(shard);
    }

    /// <summary>Loads another incarnation under another endpoint.</summary>
    public void PlaceAnew(int shard, int incarnation)
    {
        (Nodes[shard], Endpoints[shard]) = ($"node-{shard}-{incarnation}", $"ep{shard}/{incarnation}");
        Place(shard);
    }

    /// <summary>Rows that a shard was asked for.</summary>
    public long RowsOf(int shard) => _hosts[Endpoints[shard]].Shard.GetLoadAsync().Result.Sum();

    /// <summary>Has all shards lead their ranks to a placement.</summary>
    public Task PlaceAsync(ExpertPlacement placement) => Task.WhenAll(_hosts.Values.Select(host => host.Shard.PlaceAsync(placement)));

    public void Kill(int shard)
    {
        if (_hosts.TryRemove(Endpoints[shard], out var host)) host.Dispose();
    }

    /// <summary>Cuts all links to a shard, which lives on.</summary>
    public void Cut(int shard)
    {
        foreach (var (endpoint, stream) in _streams)
            if (endpoint == Endpoints[shard]) stream.Dispose();
    }

    public ExpertShards Connect(EngineOptions? own = null, TimeProvider? time = null)
    {
        var remote =
            new RemoteExperts(epoch, [.. Nodes], [.. Endpoints], Dial, NoteLoss, (number, endpoint) => Finds.Add((number, endpoint)));
        return ExpertShards.Connect(own ?? options, remote, NullLogger.Instance, time);
    }

    private void NoteLoss(int number, string endpoint, string reason)
    {
        Losses.Enqueue((number, endpoint));
        Lost?.Invoke(number);
    }

    /// <summary>Opens a link to a shard.</summary>
    public NetworkStream Dial(string endpoint)
    {
        if (!_hosts.TryGetValue(endpoint, out var host)) throw new IOException($"{endpoint} is not there.");
        var (near, far) = SocketPair.Open();
        host.Serve(far, epoch);
        _streams.Add((endpoint, near));
        return near;
    }

    public void Dispose()
    {
        foreach (var host in _hosts.Values) host.Dispose();
        Finds.Dispose();
    }
}
