using System.Collections.Concurrent;
using Grid.Abstractions.Admin;
using Grid.Abstractions.Configuration;
using Grid.Abstractions.Grains;
using Grid.Silo.Reporting;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Configuration;
using Orleans.Storage;
using Orleans.TestingHost;

namespace Grid.Grains.Tests.Hosting;

/// <summary>A cluster of this process whose nodes hold simulated models, with a store that may outlive it.</summary>
internal sealed class GridTestBed : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly ConcurrentDictionary<string, TestNode> _nodes = new();
    private readonly InProcessTestCluster _cluster;

    private GridTestBed(int nodes, KeptStorage.Content content, string devices)
    {
        Content = content;
        var builder = new InProcessTestClusterBuilder((short)nodes);
        builder.Options.ConfigureFileLogging = false;
        builder.ConfigureSilo((options, silo) =>
        {
            var node = _nodes.GetOrAdd(options.SiloName,
                name => new TestNode(name, TimeProvider.System.GetUtcNow(), () => LinkOf(name), devices));
            silo.AddGridGrains(node.Host);
            silo.Services.AddKeyedSingleton<IGrainStorage>(GrainsHosting.Storage,
                (services, _) =>
                new KeptStorage(services.GetRequiredKeyedService<IGrainStorageSerializer>(GrainsHosting.Storage), content));
            silo.Configure<ClusterMembershipOptions>(membership =>
            {
                membership.ProbeTimeout = TimeSpan.FromMilliseconds(500);
                membership.TableRefreshTimeout = TimeSpan.FromSeconds(1);
                membership.NumMissedProbesLimit = 2;
                membership.NumVotesForDeathDeclaration = 1;
            });
        });
        _cluster = builder.Build();
    }

    /// <summary>What the store keeps.</summary>
    public KeptStorage.Content Content { get; }

    public IGridGrain Grid => _cluster.Client.GetGrain<IGridGrain>(GrainKeys.Grid);

    public IGrainFactory Grains => _cluster.Client;

    /// <summary>Names of live nodes, in order.</summary>
    public string[] Names => [.. _nodes.Keys.Order(StringComparer.Ordinal)];

    public static async Task<GridTestBed> StartAsync(int nodes, KeptStorage.Content? content = null, string devices = "sim:1x8GiB")
    {
        var bed = new GridTestBed(nodes, content ?? new KeptStorage.Content(), devices);
        await bed._cluster.DeployAsync(Cancellation);
        return bed;
    }

    public TestNode Node(string name) => _nodes[name];

    /// <summary>A configuration of one simulated model.</summary>
    public static GridConfig Config(int replicas, int minAvailable = 1) => new("test", new GatewaySpec(),
        [new ModelSpec("fake", "sim", replicas, null, minAvailable, DrainTimeout: TimeSpan.FromSeconds(2),
        Sim: new SimSpec(1L << 30, LoadSeconds: 0.05))]);

    /// <summary>Ends a node's process without a word.</summary>
    public async Task KillAsync(string name)
    {
        _nodes.TryRemove(name, out var node);
        await _cluster.KillSiloAsync(_cluster.Silos.Single(silo => silo.Name == name));
        await node!.DisposeAsync();
    }

    /// <summary>Restarts a node's silo; what its process holds beside it stays.</summary>
    public Task RestartSiloAsync(string name) => _cluster.RestartSiloAsync(_cluster.Silos.Single(silo => silo.Name == name));

    /// <summary>Waits until the grid's status is as wanted.</summary>
    public async Task<GridStatus> WaitAsync(Func<GridStatus, bool> wanted)
    {
        GridStatus? status = null;
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        patience.CancelAfter(Patience);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        try
        {
            while (true)
            {
                try
                {
                    status = await Grid.GetStatus().WaitAsync(TimeSpan.FromSeconds(2), patience.Token);
                    if (wanted(status)) return status;
                }
                catch (Exception e) when (e is OrleansException or TimeoutException)
                {
                    // The grid grain is moving.
                }

                await timer.WaitForNextTickAsync(patience.Token);
            }
        }
        catch (OperationCanceledException)
        {
            Assert.Fail(
                $"The grid stays at {Describe(status)}\nEvents: "
                + $"{string.Join("\n", (await Grid.GetEvents(0, 1000)).Select(e => $"{e.Reason} {e.Object}: {e.Message}"))}");
            throw;
        }
    }

    /// <summary>Waits until so many replicas of the model are ready, and no other is left.</summary>
    public async Task<ModelView> WaitForReadyAsync(int replicas, Func<ModelView, bool>? also = null) =>
        Model(await WaitAsync(
        status =>
            status.Models is [{ } model] && model.Ready == replicas && model.Replicas.Length == replicas && also?.Invoke(model) != false));

    public static ModelView Model(GridStatus status) => Assert.Single(status.Models);

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes.Values) await node.DisposeAsync();
        await _cluster.StopAllSilosAsync(CancellationToken.None);
        await _cluster.DisposeAsync();
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static string Describe(GridStatus? status) => status is null ? "no status" : string.Join("; ", status.Models.Select(model =>
        $"{model.Name} {model.State} {model.Reason} {model.Message}: "
        + $"{string.Join(", ", model.Replicas.Select(replica => $"{replica.Id}@{replica.Epoch} {replica.State} {replica.Message}"))}"));

    private ClusterLink? LinkOf(string name) =>
        _cluster.Silos.FirstOrDefault(silo => silo.Name == name && silo.IsActive) is { } silo
            ? ClusterLink.Of(_cluster.GetSiloServiceProvider(silo.SiloAddress))
            : null;
}
