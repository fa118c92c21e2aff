using System.Net;
using Grid.Abstractions.Configuration;
using Grid.Abstractions.Nodes;
using Grid.Abstractions.Replicas;
using Grid.Primitives.Options;
using Grid.Silo.DataPlane;
using Grid.Silo.Devices;
using Grid.Silo.Ranks;
using Grid.Silo.Shards;
using Microsoft.Extensions.Logging.Abstractions;

namespace Grid.Silo.Tests.Shards;

/// <summary>Nodes with a data plane each, and one replica over them: ranks on the first, expert shards wherever a plan says.</summary>
internal sealed class ExpertHostsBed(ModelSpec spec) : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Dictionary<string, (ShardHost Host, DataPlaneServer Plane, RankRegistry Ranks)> _nodes = [];
    private long _sequence;

    public void Start(params string[] names)
    {
        foreach (var name in names)
        {
            var plane = DataPlaneServer.Start(IPAddress.Loopback, 0, null, null, NullLogger.Instance);
            var facts = new NodeFacts(["silo"], "127.0.0.1", 1, "0.1.0", WireContract.Version, [],
                DeviceInventory.Find([DeviceSpec.Parse("cpu:1GiB")]),
                $"http://{name}", plane.EndPoint.ToString(), default);
            var ranks = new RankRegistry(TimeProvider.System);
            var options = new ShardHostOptions { Node = name, Facts = facts, Incarnation = $"{name}1", CpuThreads = 1, DataPlane = plane };
            _nodes.Add(name, (new ShardHost(options, ranks, NullLogger.Instance), plane, ranks));
        }
    }

    /// <summary>A plan at epoch 1; each place is a shard, its node and generation.</summary>
    public ReplicaPlan Plan(params (ShardId Shard, string Node, int Generation)[] places)
    {
        var layout = new ReplicaLayout(1, 1, places.Count(place => !place.Shard.IsExpert), places.Count(place => place.Shard.IsExpert));
        return new ReplicaPlan("moe", 0, 1, "r", spec, layout, [.. places.Select(place => new ShardPlan(
            place.Shard, place.Node, $"{place.Node}1", "", DeviceId.Cpu, 1L << 20,
            _nodes.TryGetValue(place.Node, out var node) ? node.Plane.EndPoint.ToString() : "127.0.0.1:1", place.Generation))]);
    }

    /// <summary>Tells every node of the plan what it says of its shards.</summary>
    public void Tell(ReplicaPlan plan, ReplicaTarget target = ReplicaTarget.Serve)
    {
        _sequence++;
        foreach (var place in plan.Shards)
            if (_nodes.TryGetValue(place.Node, out var node))
                node.Host.Apply(new ShardDirective(plan, place.Shard, target, null, _sequence));
    }

    public NodeReport Report(string name) => _nodes[name].Host.GetReport();

    public ServedRank Rank(string name, int number = 0) => _nodes[name].Ranks.Ranks.Single(rank => rank.Identity.Rank == number);

    public async Task WaitReadyAsync(ReplicaPlan plan)
    {
        foreach (var place in plan.Shards)
            await WaitAsync(place.Node,
                report =>
                report.Shards.Any(
                    shard => shard.Shard == place.Shard && shard.Generation == place.Generation && shard.State == ShardState.Ready));
    }

    /// <summary>Waits until a node's report is as wanted.</summary>
    public async Task<NodeReport> WaitAsync(string name, Func<NodeReport, bool> wanted)
    {
        var host = _nodes[name].Host;
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(Patience);
        while (true)
        {
            var changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            void Set() => changed.TrySetResult();
            host.Changed += Set;
            try
            {
                var report = host.GetReport();
                if (wanted(report)) return report;
                await changed.Task.WaitAsync(patience.Token);
            }
            catch (OperationCanceledException)
            {
                Assert.Fail($"{name} stays at {string.Join("; ", host.GetReport().Shards.Select(shard => shard.ToString()))}.");
            }
            finally
            {
                host.Changed -= Set;
            }
        }
    }

    /// <summary>A node goes, and all its links with it.</summary>
    public async Task KillAsync(string name)
    {
        _nodes.Remove(name, out var node);
        await node.Host.DisposeAsync();
        await node.Plane.DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var name in _nodes.Keys.ToArray()) await KillAsync(name);
    }
}
