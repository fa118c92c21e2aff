using Grid.Abstractions.Nodes;
using Grid.Primitives.Options;
using Grid.Silo.Devices;
using Grid.Silo.Ranks;
using Grid.Silo.Reporting;
using Grid.Silo.Shards;
using Microsoft.Extensions.Logging.Abstractions;

namespace Grid.Grains.Tests.Hosting;

/// <summary>What a node's process holds beside its silo.</summary>
internal sealed class TestNode : IAsyncDisposable
{
    private readonly NodeReporter _reporter;

    public TestNode(string name, DateTimeOffset joinedAt, Func<ClusterLink?> link, string devices)
    {
        Name = name;
        var facts = new NodeFacts(["silo"], "127.0.0.1", 1, "0.1.0", WireContract.Version, [],
            DeviceInventory.Find([DeviceSpec.Parse(devices)]), $"http://{name}", "", joinedAt);
        Host = new ShardHost(new ShardHostOptions { Node = name, Facts = facts }, Ranks, NullLogger.Instance);
        _reporter = new NodeReporter(Host, link, NullLogger.Instance);
    }

    public string Name { get; }

    public RankRegistry Ranks { get; } = new(TimeProvider.System);

    public ShardHost Host { get; }

    public async ValueTask DisposeAsync()
    {
        await _reporter.DisposeAsync();
        await Host.DisposeAsync();
    }
}
