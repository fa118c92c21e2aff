using Grid.Abstractions.Configuration;
using Grid.Abstractions.Nodes;
using Grid.Abstractions.Replicas;
using Grid.Primitives.Options;
using Grid.Silo.Devices;
using Grid.Silo.Ranks;
using Grid.Silo.Shards;
using Microsoft.Extensions.Logging.Abstractions;

namespace Grid.Silo.Tests.Shards;

/// <summary>A ShardHost with one device, simulated unless another is named, and plans for it.</summary>
internal sealed class ShardHostBed : IAsyncDisposable
{
    private const string Node = "a";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly SimSpec Instant = new(1L << 30, 0, double.PositiveInfinity, 0, 0, 4096, 4096);

    public ShardHostBed(string device = "sim:1x4GiB")
    {
        var facts = new NodeFacts(["silo"], "127.0.0.1", 1, "0.1.0", WireContract.Version, [],
            DeviceInventory.Find([DeviceSpec.Parse(device)]), "http://a",
            "", default);
        Options = new ShardHostOptions { Node = Node, Facts = facts, Incarnation = "i1", CpuThreads = 1 };
        Host = new ShardHost(Options, Ranks, NullLogger.Instance);
    }

    public ShardHostOptions Options { get; }

    public RankRegistry Ranks { get; } = new(TimeProvider.System);

    public ShardHost Host { get; }

    public static ReplicaPlan Plan(long epoch, SimSpec? sim = null, string source = "sim", long bytes = 1L << 30, int index = 0,
        string incarnation = "i1", ReplicaLayout? layout = null, string device = "sim:0")
    {
        layout ??= new ReplicaLayout();
        var spec = new ModelSpec("fake", source, 1, null, 1, Aliases: ["other"], Sim: sim ?? Instant);
        var names = ShardId.All(layout.Data, layout.Pipeline, layout.Tensor, 0);
        return new ReplicaPlan("fake", index, epoch, "r", spec, layout,
            [.. names.Select(name => new ShardPlan(name, Node, incarnation, "", DeviceId.Parse(device), bytes))]);
    }

    public ShardStatus? Tell(ReplicaPlan plan, ReplicaTarget target, long sequence, DateTimeOffset? handOverAt = null) =>
        Host.Apply(new ShardDirective(plan, ShardId.Parse("dp0/pp0/tp0"), target, handOverAt, sequence));

    /// <summary>Waits until the report is as wanted.</summary>
    public async Task<NodeReport> WaitAsync(Func<NodeReport, bool> wanted)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(Patience);
        while (true)
        {
            var changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            void Set() => changed.TrySetResult();
            Host.Changed += Set;
            try
            {
                var report = Host.GetReport();
                if (wanted(report)) return report;
                if (patience.IsCancellationRequested)
                    Assert.Fail($"The node stays at {string.Join("; ", report.Shards.Select(shard => shard.ToString()))}.");
                await Task.WhenAny(changed.Task, Task.Delay(Patience, patience.Token));
            }
            finally
            {
                Host.Changed -= Set;
            }
        }
    }

    public Task<NodeReport> WaitAsync(ShardState state) => WaitAsync(report => report.Shards is [{ } shard] && shard.State == state);

    public ValueTask DisposeAsync() => Host.DisposeAsync();
}
