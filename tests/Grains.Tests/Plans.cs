using Grid.Abstractions.Configuration;
using Grid.Abstractions.Nodes;
using Grid.Abstractions.Replicas;
using Grid.Grains.Records;

namespace Grid.Grains.Tests;

/// <summary>Small plans, nodes and reports.</summary>
internal static class Plans
{
    public static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static ReplicaPlan Plan(long epoch = 1, ShardId shard = default, string node = "a") => new(
        "m", 0, epoch, "rev", new ModelSpec("m", "sim", 1, null, 1), new ReplicaLayout(),
        [new ShardPlan(shard, node, $"{node}#1", $"{node}:1", DeviceId.Sim(0), 1L << 30)]);

    public static NodeReport Report(string node, long sequence = 1, int devices = 1, string? checksum = null, int generation = 1,
        ShardStatus[]? shards = null, RankStatus[]? ranks = null, params string[] labels) => new(
        node, $"{node}#{generation}", sequence, $"{node}:{generation}",
        new NodeFacts(["silo"], node, 1, "0.1.0", "1.0", labels.ToDictionary(l => l, _ => "yes"),
            [.. Enumerable.Range(0, devices).Select(i => new DeviceFacts(DeviceId.Sim(i), 8L << 30))], $"http://{node}", "",
            Now.AddSeconds(generation)),
        false, null, shards ?? [], ranks ?? [], checksum is null ? [] : [new ModelFiles("folder", checksum, 1, 0, 8192, null)], [], 0);

    public static NodeRecord Node(NodeReport report, string? closed = null)
    {
        var node = new NodeRecord(report.Name) { Closed = closed };
        node.Accept(report, Now);
        return node;
    }
}
