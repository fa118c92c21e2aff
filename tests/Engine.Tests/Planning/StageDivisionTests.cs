using Grid.Engine.Planning;
using Grid.Primitives.Ids;
using Grid.Primitives.Options;

namespace Grid.Engine.Tests.Planning;

public sealed class StageDivisionTests
{
    private const long GiB = 1L << 30;

    private static readonly EngineOptions Options = new() { GpuMemoryUtilization = 1 };

    [Theory]
    [InlineData(1, 1, "16,16")]
    [InlineData(2, 2.2, "16,16")]
    [InlineData(3, 1, "26,6")]
    [InlineData(1, 3, "8,24")]
    public void PlanOn_SpeedsDiffer_GivesLayersBySpeed(double first, double second, string expected)
    {
        // The head weighs as much as 2.4 layers, and stands on the last stage: the split counts it, vLLM's rule does not.
        Assert.Equal(expected, string.Join(',', PlanOn(Device(80 * GiB, first), Device(80 * GiB, second)).PipelineLayers));
    }

    [Fact]
    public void PlanOn_TheFastDeviceIsSmall_GivesItWhatFits()
    {
        var plan = PlanOn(Device(8 * GiB, 10), Device(80 * GiB, 1));

        Assert.True(plan.Fits, string.Join(' ', plan.Reasons));
        // The embedding is 1.05 GB; each layer is 0.44 GB of weights and 0.27 GB of cache for eight requests.
        Assert.Equal([10, 22], plan.PipelineLayers);
    }

    [Fact]
    public void PlanOn_OneSpeedIsNotKnown_GoesByVLLMsRule() =>
        Assert.Equal([16, 16], PlanOn(Device(80 * GiB, 0), Device(80 * GiB, 9)).PipelineLayers);

    [Theory]
    [InlineData(22, 3, "8,7,7")]
    [InlineData(7, 3, "3,2,2")]
    [InlineData(6, 6, "1,1,1,1,1,1")]
    public void Find_EqualLayers_IsEven(int layers, int stages, string expected) =>
        Assert.Equal(expected, string.Join(',', StageSearch.Find(layers, stages, (_, first, last) => last - first)!));

    [Fact]
    public void Find_NothingFits_IsNull() =>
        Assert.Null(StageSearch.Find(4, 2, (_, first, last) => last - first > 1 ? double.PositiveInfinity : 1));

    [Fact]
    public void Find_AnyTimes_IsAsGoodAsTheBestOfAllDivisions()
    {
        var seed = Random.Shared.Next();
        var random = new Random(seed);
        for (var round = 0; round < 300; round++)
        {
            var (layers, stages) = (random.Next(1, 9), random.Next(1, 5));
            if (stages > layers) continue;
            var work = Enumerable.Range(0, layers).Select(_ => random.Next(1, 6)).ToArray();
            var room = Enumerable.Range(0, stages).Select(_ => random.Next(2, 16)).ToArray();
            var speed = Enumerable.Range(0, stages).Select(_ => random.Next(1, 5)).ToArray();
            var best = Divisions(layers, stages).Select(Slowest).Min();

            var found = StageSearch.Find(layers, stages, Time);

            var what =
                $"seed {seed}, round {round}: {(found is null ? "none" : string.Join(',', found))} of work {string.Join(',', work)}, "
                + $"room {string.Join(',', room)}, speed {string.Join(',', speed)}";
            Assert.True(found is null == double.IsInfinity(best), what);
            if (found is null) continue;
            Assert.True(found.Length == stages && found.Sum() == layers && found.All(count => count > 0), what);
            Assert.True(Slowest(found) == best, what);

            double Time(int stage, int first, int last) =>
                work[first..last].Sum() is var sum && sum <= room[stage] ? (double)sum / speed[stage] : double.PositiveInfinity;

            double Slowest(int[] counts)
            {
                var start = 0;
                return counts.Select((count, stage) => Time(stage, start, start += count)).Max();
            }
        }
    }

    [Fact]
    public void PlanOn_AnyDevices_FitsWhereAnyDivisionDoes()
    {
        var seed = Random.Shared.Next();
        var random = new Random(seed);
        var config = Shapes.Llama8B with { NumHiddenLayers = 8 };
        var profile = new ModelProfile(config, 2);
        for (var round = 0; round < 60; round++)
        {
            var devices = Enumerable.Range(0, random.Next(2, 4)).Select(_ => Device(random.Next(8, 60) * (GiB / 8), random.Next(3) * 1.5))
                .ToArray();
            var layout = new ParallelLayout(1, devices.Length);
            var any = Divisions(8, devices.Length)
                .Any(layers => ParallelismPlanner.PlanOn(profile, layout, devices, Options with { PipelineLayerPartition = layers }).Fits);

            var plan = ParallelismPlanner.PlanOn(profile, layout, devices, Options);

            Assert.True(plan.Fits == any,
                $"seed {seed}, round {round}: {string.Join(',', plan.PipelineLayers)} of "
                + $"{string.Join(", ", devices.Select(device => $"{device.MemoryBytes} at {device.Speed}"))}");
        }
    }

    [Fact]
    public void Of_AMixtureOfExperts_PutsTheExpertsOnTheirShardsAlone()
    {
        var profile = new ModelProfile(Shapes.Mixtral, 2);
        var experts = 32L * 3 * 4096 * 14336 * 2;

        var shards = ShardMemory.Of(profile, new ParallelLayout(1, 1, 2, 3), null, Options);

        Assert.Equal(["dp0/pp0/tp0", "dp1/pp0/tp0", "ep0", "ep1", "ep2"], shards.Select(shard => shard.Shard.ToString()));
        Assert.Equal([3 * experts, 3 * experts, 2 * experts], shards[2..].Select(shard => shard.WeightsBytes));
        Assert.All(shards[2..], shard => Assert.Equal(0, shard.BytesPerBlock));
        Assert.Equal(profile.WeightsBytes, shards[0].WeightsBytes + (8 * experts));
        Assert.Equal(shards[0].WeightsBytes, shards[1].WeightsBytes);
    }

    [Fact]
    public void Of_Stages_HoldTheirLayersAndTheEnds()
    {
        var profile = new ModelProfile(Shapes.Llama8B, 2);

        var shards = ShardMemory.Of(profile, new ParallelLayout(1, 2), [20, 12], Options);

        Assert.Equal(profile.WeightsBytes, shards.Sum(shard => shard.WeightsBytes));
        Assert.Equal(20.0 / 12, (double)shards[0].BytesPerBlock / shards[1].BytesPerBlock, 6);
    }

    private static IEnumerable<int[]> Divisions(int layers, int stages) => stages == 1
        ? [[layers]]
        : Enumerable.Range(1, layers - stages + 1)
        .SelectMany(first => Divisions(layers - first, stages - 1).Select(rest => new[] { first }.Concat(rest).ToArray()));

    private static InventoryDevice Device(long bytes, double speed) => new("n", DeviceId.Sim(0), bytes, Speed: speed);

    private static ParallelPlan PlanOn(params InventoryDevice[] devices) =>
        ParallelismPlanner.PlanOn(new ModelProfile(Shapes.Llama8B, 2), new ParallelLayout(1, devices.Length), devices, Options);
}
