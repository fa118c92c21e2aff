using Grid.Abstractions.Admin;
using Grid.Abstractions.Configuration;
using Grid.Abstractions.Grains;
using Orleans.Core.Internal;

namespace Grid.Grains.Tests.Hosting;

/// <summary>Whatever grain loses its activation in mid-operation: the next activation continues the work.</summary>
public sealed class ActivationLossTests
{
    private const string Actor = "test";
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    [Fact]
    public async Task Replica_LosesItsActivationWhileItIsPlacedMovedAndRemoved_EndsAsWanted()
    {
        await using var bed = await GridTestBed.StartAsync(3);
        await using var killer = new Killer(bed, Replicas);
        await ServeDrainAndScaleAsync(bed);
    }

    [Fact]
    public async Task Rank_LosesItsActivationWhileItIsPlacedMovedAndRemoved_EndsAsWanted()
    {
        await using var bed = await GridTestBed.StartAsync(3);
        await using var killer = new Killer(bed, Ranks);
        await ServeDrainAndScaleAsync(bed);
    }

    [Fact]
    public async Task Expert_LosesItsActivationWhileItIsPlacedAndRemoved_EndsAsWanted()
    {
        await using var bed = await GridTestBed.StartAsync(1, devices: "sim:3x8GiB");
        await using var killer = new Killer(bed, Experts);
        var config = GridTestBed.Config(1);
        await bed.Grid.Apply(
            config with { Models = [config.Models[0] with { Parallelism = new ParallelismSpec(false, Data: 1, Expert: 2) }] }, "text", null,
            Actor);
        await bed.WaitForReadyAsync(1);
        Assert.NotEmpty(killer.Killed);
        await bed.Grid.Delete("fake", Actor);
        await bed.WaitAsync(status => status.Models.Length == 0 && bed.Names.All(name => bed.Node(name).Host.IsEmpty));
    }

    [Fact]
    public async Task Model_LosesItsActivationInEachWindow_StillScalesToZero()
    {
        await using var bed = await GridTestBed.StartAsync(1);
        await using var killer = new Killer(bed, Models);
        var config = GridTestBed.Config(1, 0);
        var autoscale = new AutoscaleSpec(
            0, 2, 4096, 0.8, null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(2), TimeSpan.FromMinutes(2));
        await bed.Grid.Apply(config with { Models = [config.Models[0] with { Replicas = null, Autoscale = autoscale }] }, "text", null,
            Actor);
        await bed.Grid.Scale("fake", 1, Actor);
        await bed.WaitForReadyAsync(1);
        var scale = (await bed.Grid.GetOperations()).Single(operation => operation.Kind == "Scale");
        await bed.WaitAsync(status => status.Operations.Any(operation => operation.Id == scale.Id && operation.State == "Succeeded"));
        // The number that was set by hand ends with the next change of the file, and nobody asks for the model.
        autoscale = autoscale with { Max = 3 };
        await bed.Grid.Apply(config with { Models = [config.Models[0] with { Replicas = null, Autoscale = autoscale }] }, "other text",
            null, Actor);
        await bed.WaitAsync(status => GridTestBed.Model(status).State == "ScaledToZero");
        Assert.NotEmpty(killer.Killed);
    }

    private static async Task ServeDrainAndScaleAsync(GridTestBed bed)
    {
        await bed.Grid.Apply(GridTestBed.Config(2), "text", null, Actor);
        var before = await bed.WaitForReadyAsync(2);
        var node = before.Replicas[0].Ranks[0].Node;
        var drain = await bed.Grid.Drain(node, new DrainRequest(1, false, false), Actor);
        await bed.WaitAsync(
            status => status.Operations.Any(operation => operation.Id == drain.Value!.Id && operation.State == "Succeeded"));
        Assert.True(bed.Node(node).Host.IsEmpty);
        await bed.Grid.Scale("fake", 1, Actor);
        await bed.WaitForReadyAsync(1);
        await bed.WaitAsync(
            status => GridTestBed.Model(status).Replicas.Length == 1 && bed.Names.Sum(name => bed.Node(name).Ranks.Ranks.Length) == 1);
    }

    private static IEnumerable<IAddressable> Models(GridTestBed bed, ModelView model) => [bed.Grains.GetGrain<IModelGrain>(model.Name)];

    private static IEnumerable<IAddressable> Replicas(GridTestBed bed, ModelView model) =>
        model.Replicas.Select(replica => bed.Grains.GetGrain<IReplicaGrain>(replica.Id.ToString()));

    private static IEnumerable<IAddressable> Ranks(GridTestBed bed, ModelView model) =>
        from replica in model.Replicas
        from rank in replica.Ranks
        select bed.Grains.GetGrain<IAttentionRankGrain>(GrainKeys.Rank(rank.Id, replica.Epoch, rank.Node));

    private static IEnumerable<IAddressable> Experts(GridTestBed bed, ModelView model) =>
        from replica in model.Replicas
        from node in bed.Names
        from held in bed.Node(node).Host.GetReport().Shards
        where held.Replica == replica.Id && held.Epoch == replica.Epoch && held.Shard.IsExpert
        select bed.Grains.GetGrain<IExpertShardGrain>($"{replica.Id}@{replica.Epoch}/{held.Shard}@{node}");

    /// <summary>Ends the activations of some grains again and again.</summary>
    private sealed class Killer : IAsyncDisposable
    {
        private readonly CancellationTokenSource _stop = new();
        private readonly Task _work;

        public Killer(GridTestBed bed, Func<GridTestBed, ModelView, IEnumerable<IAddressable>> victims) => _work = RunAsync(bed, victims);

        public HashSet<string> Killed { get; } = [];

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            await _work;
            _stop.Dispose();
            Assert.NotEmpty(Killed);
        }

        private async Task RunAsync(GridTestBed bed, Func<GridTestBed, ModelView, IEnumerable<IAddressable>> victims)
        {
            using var timer = new PeriodicTimer(Pause);
            try
            {
                while (await timer.WaitForNextTickAsync(_stop.Token))
                {
                    foreach (var grain in (await bed.Grid.GetStatus()).Models.SelectMany(model => victims(bed, model)).ToArray())
                    {
                        await grain.AsReference<IGrainManagementExtension>().DeactivateOnIdle();
                        Killed.Add(grain.ToString()!);
                    }
                }
            }
            catch (OperationCanceledException)
            {
                // The test has ended.
            }
        }
    }
}
