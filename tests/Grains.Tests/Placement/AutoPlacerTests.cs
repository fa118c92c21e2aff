using Grid.Abstractions.Configuration;
using Grid.Abstractions.Nodes;
using Grid.Abstractions.Replicas;
using Grid.Engine.Configuration;
using Grid.Engine.Planning;
using Grid.Grains.Placement;
using Grid.Grains.Records;
using Grid.Grains.Store;

namespace Grid.Grains.Tests.Placement;

public sealed class AutoPlacerTests
{
    private const long GiB = 1L << 30;
    private const string Sum = "sha256:1";

    // 8 billion weights of two bytes: 15 GiB; a request of full length is 1 GiB of keys and values.
    private static readonly ModelConfig Llama = new()
    {
        Architecture = "LlamaForCausalLM", ModelType = "llama", HiddenSize = 4096, IntermediateSize = 14336, NumHiddenLayers = 32,
        NumAttentionHeads = 32, NumKeyValueHeads = 8, HeadDim = 128,
        VocabSize = 128256, MaxPositionEmbeddings = 8192,
    };

    private static readonly ModelConfig Mixture = Llama
        with
    {
        Architecture = "MixtralForCausalLM",
        ModelType = "mixtral",
        NumExperts = 8,
        NumExpertsPerToken = 2,
        MoeIntermediateSize = 14336,
        VocabSize = 32000
    };

    private readonly Ledger _ledger = new();

    [Fact]
    public void Place_FitsOneDevice_IsOneShardWithTheCacheThatIsWanted()
    {
        var found = Place(Llama, Node("a", 8, 80 * GiB), Node("b", 1, 80 * GiB));

        var shard = Assert.Single(found.Shards!);
        Assert.Equal(new ReplicaLayout(), found.Shape!.Layout);
        Assert.Equal(("a", 4 * GiB), (shard.Node, shard.CacheBytes));
        Assert.Equal(new ModelProfile(Llama, 2).WeightsBytes + (4 * GiB), shard.ReservedBytes);
        Assert.StartsWith("It fits one device (a/sim:", found.Reasons![0], StringComparison.Ordinal);
    }

    [Fact]
    public void Place_FitsOneDeviceWithASmallCache_IsOneShardWithWhatIsFree()
    {
        var shard = Assert.Single(Place(Llama, Node("a", 8, 17 * GiB)).Shards!);

        Assert.InRange(shard.CacheBytes, GiB, 4 * GiB);
        Assert.InRange(shard.ReservedBytes, 17 * GiB - (2 << 20), 17 * GiB);
    }

    [Fact]
    public void Place_FitsOneNode_IsTensorOverTheFewestDevices()
    {
        var found = Place(Llama, Node("a", 1, 12 * GiB), Node("b", 4, 12 * GiB));

        Assert.Equal(new ReplicaLayout(2), found.Shape!.Layout);
        Assert.Equal([("b", ShardId.Parse("dp0/pp0/tp0")), ("b", ShardId.Parse("dp0/pp0/tp1"))],
            found.Shards!.Select(shard => (shard.Node, shard.Shard)));
        Assert.Equal(2, found.Shards!.Select(shard => shard.Device).Distinct().Count());
        Assert.Contains("It fits one node: tensor parallelism over its 2 devices.", found.Reasons!);
    }

    [Fact]
    public void Place_TheLedgerHasTakenTheDevice_CountsWhatIsFree()
    {
        _ledger.Reserve(new Reservation("a", DeviceId.Sim(0), ReplicaId.Parse("x/r0"), 1, ShardId.Parse("dp0/pp0/tp0"), 10 * GiB));

        Assert.NotEqual(DeviceId.Sim(0), Assert.Single(Place(Llama, Node("a", 3, 20 * GiB)).Shards!).Device);
        Assert.Equal([DeviceId.Sim(1), DeviceId.Sim(2)],
            Place(Llama, Node("a", 3, 12 * GiB)).Shards!.Select(shard => shard.Device).OrderBy(id => id.Number));
    }

    [Fact]
    public void Place_NeedsNodes_IsTensorWithinThemAndPipelineOver()
    {
        var found = Place(Llama, Node("a", 2, 6 * GiB), Node("b", 2, 6 * GiB));

        Assert.Equal(new ReplicaLayout(2, 2), found.Shape!.Layout);
        Assert.Equal([16, 16], found.Shape.PipelineLayers!);
        Assert.Equal(["a", "a", "b", "b"], found.Shards!.Select(shard => shard.Node));
        Assert.All(found.Shards!, shard => Assert.InRange(shard.ReservedBytes, 4 * GiB, 6 * GiB));
    }

    [Fact]
    public void Place_CpuNodes_ArePipelinedByTheirMemory()
    {
        var found = Place(Llama, Node("a", 1, 14 * GiB, "cpu"), Node("b", 1, 7 * GiB, "cpu"));

        Assert.Equal(new ReplicaLayout(1, 2), found.Shape!.Layout);
        Assert.True(found.Shape.PipelineLayers![0] > found.Shape.PipelineLayers[1] + 8, string.Join(',', found.Shape.PipelineLayers));
    }

    [Fact]
    public void Place_AMixtureOfExperts_HasRanksThatShareExpertsBesideThem()
    {
        var found = Place(Mixture, Node("a", 4, 40 * GiB));

        Assert.Equal((1, 1, true), (found.Shape!.Layout.Tensor, found.Shape.Layout.Pipeline, found.Shape.Layout.Expert > 1));
        Assert.Equal(found.Shape.Layout.Data, found.Shape.Layout.Expert);
        Assert.All(found.Shards!.Where(shard => shard.Shard.IsExpert), shard => Assert.Equal(0, shard.CacheBytes));
        foreach (var device in found.Shards!.GroupBy(shard => shard.Device))
            Assert.InRange(device.Sum(shard => shard.ReservedBytes), 1, 40 * GiB);
    }

    [Fact]
    public void Place_AMixtureOverNodes_HasARankAndAnExpertShardOnEach()
    {
        var found = Place(Mixture, Node("a", 1, 60 * GiB, "cpu"), Node("b", 1, 60 * GiB, "cpu"));

        Assert.Equal(new ReplicaLayout(Data: 2, Expert: 2), found.Shape!.Layout);
        Assert.Equal(
            [(ShardId.Parse("dp0/pp0/tp0"), "a"), (ShardId.Parse("dp1/pp0/tp0"), "b"), (ShardId.Parse("ep0"), "a"),
            (ShardId.Parse("ep1"), "b")], found.Shards!.Select(shard => (shard.Shard, shard.Node)));
    }

    [Fact]
    public void Place_TooSmall_SaysWhatIsNeededWhatThereIsAndTheLongestThatFits()
    {
        var found = Place(Llama, Node("a", 1, 8 * GiB, "cpu"), Node("b", 1, 8 * GiB - (GiB / 4), "cpu"));

        Assert.Null(found.Shards);
        Assert.Contains("m/r0: One device is too small", found.Missing!, StringComparison.Ordinal);
        Assert.Contains("It does not fit 2 nodes of 1 device of", found.Missing!, StringComparison.Ordinal);
        Assert.Contains("The longest length that fits is", found.Missing!, StringComparison.Ordinal);
        Assert.Contains("2 nodes:", found.Missing!, StringComparison.Ordinal);
    }

    [Fact]
    public void Place_NoNodeIsOpen_SaysWhy()
    {
        var node = Node("a", 1, 80 * GiB);
        node.Closed = "cordoned";

        Assert.EndsWith("1 nodes: 1 cordoned (a)", Place(Llama, node).Missing!, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("maxModelLen", "4k", 2)]
    [InlineData("kvCacheMemoryBytes", "2GiB", 2)]
    [InlineData("numGpuBlocksOverride", "512", 1)]
    public void Place_OptionsWithUnits_AreRead(string key, string value, long gigabytes)
    {
        var shape = ReplicaShape.Of(Size(Llama, new() { [key] = value }), new ReplicaLayout());

        // 128 KiB a token: 8 x 4,096 tokens would be 4 GiB of the whole model's, and are the most that is reserved.
        Assert.Equal(key == "maxModelLen" ? 4 * GiB : gigabytes * GiB, shape.Shards[0].CacheBytes);
    }

    [Fact]
    public void Of_ExpertShards_HoldExpertsAloneAndRanksNone()
    {
        var shape = ReplicaShape.Of(Size(Mixture), new ReplicaLayout(Data: 2, Expert: 2));

        var experts = 32L * 3 * 4096 * 14336 * 2;
        Assert.Equal([4 * experts, 4 * experts], shape.Shards.Where(need => need.IsExpert).Select(need => need.Bytes));
        Assert.All(shape.Shards.Where(need => !need.IsExpert),
            need => Assert.Equal(new ModelProfile(Mixture, 2).WeightsBytes - (8 * experts), need.WeightsBytes));
    }

    [Fact]
    public void Of_APlan_KeepsItsLayersAndCacheForFurtherRanks()
    {
        var size = Size(Llama);
        var plan = Plans.Plan() with
        {
            Layout = new ReplicaLayout(Pipeline: 2),
            PipelineLayers = [20, 12],
            Shards = [
                .. ReplicaShape.Of(size, new ReplicaLayout(Pipeline: 2), [20, 12], 600).Shards.Select(
                need => new ShardPlan(need.Shard, "a", "a#1", "a:1", DeviceId.Sim(0), need.Bytes, CacheBytes: need.CacheBytes))],
        };

        var shape = ReplicaShape.Of(size, plan, plan.Layout with { Data = 2 });

        Assert.Equal(plan.Shards.Concat(plan.Shards).Select(shard => shard.ReservedBytes), shape.Shards.Select(need => need.Bytes));
    }

    [Fact]
    public void Place_AsAskedOverDevicesOfOtherSpeeds_GivesLayersBySpeed()
    {
        var fast = Node("a", 1, 80 * GiB, "cpu", 30);
        var slow = Node("b", 1, 79 * GiB, "cpu", 10);

        var found = Asked(Llama, new ParallelismSpec(false, Pipeline: 2), fast, slow);

        // Both stages fit the one node, which offers as many devices as are asked for: they are alike.
        Assert.Null(found.Shape!.PipelineLayers);
        Assert.Equal(["a", "a"], found.Shards!.Select(shard => shard.Node).Order());
        var spread =
            Asked(Llama, new ParallelismSpec(false, Pipeline: 2), Node("a", 1, 16 * GiB, "cpu", 30), Node("b", 1, 16 * GiB, "cpu", 10));
        Assert.Equal(["a", "b"], spread.Shards!.Select(shard => shard.Node).Order());
        var first = spread.Shards!.First(shard => shard.Shard == ShardId.Parse("dp0/pp0/tp0")).Node;
        Assert.True((spread.Shape!.PipelineLayers![0] > spread.Shape.PipelineLayers[1]) == (first == "a"),
            string.Join(',', spread.Shape.PipelineLayers));
    }

    [Fact]
    public void Place_AsAskedWithAList_KeepsIt()
    {
        var found = Asked(Llama, new ParallelismSpec(false, Pipeline: 2, PipelineLayers: [10, 22]), Node("a", 1, 20 * GiB, "cpu", 30),
            Node("b", 1, 20 * GiB, "cpu", 10));

        Assert.Null(found.Shape!.PipelineLayers);
        Assert.True(found.Shards![1].ReservedBytes > found.Shards[0].ReservedBytes);
    }

    [Fact]
    public void Place_Simulated_IsDividedByBytesAlone()
    {
        var sim = new ModelSpec("m", "sim", 1, null, 1, Sim: new SimSpec(WeightsBytes: 24 * GiB));

        Assert.Equal(new ReplicaLayout(), Place(new ModelSize(sim, null), null, Node("a", 2, 24 * GiB)).Shape!.Layout);
        Assert.Equal(new ReplicaLayout(2), Place(new ModelSize(sim, null), null, Node("a", 2, 12 * GiB)).Shape!.Layout);
        Assert.Equal(new ReplicaLayout(2, 2),
            Place(new ModelSize(sim, null), null, Node("a", 2, 6 * GiB), Node("b", 2, 6 * GiB)).Shape!.Layout);
        Assert.Equal(new ReplicaLayout(1, 3),
            Place(new ModelSize(sim, null), null, Node("a", 1, 8 * GiB, "cpu"), Node("b", 1, 8 * GiB, "cpu"),
            Node("c", 1, 8 * GiB, "cpu")).Shape!.Layout);
        Assert.NotNull(Place(new ModelSize(sim, null), null, Node("a", 2, 6 * GiB)).Missing);
    }

    [Fact]
    public void Place_AnyInventory_PromisesNoDeviceMoreThanItHas()
    {
        var seed = Random.Shared.Next();
        var random = new Random(seed);
        for (var round = 0; round < 100; round++)
        {
            var nodes = Enumerable.Range(0, random.Next(1, 4))
                .Select(index =>
                Node($"n{index}", random.Next(1, 5), random.Next(8, 120) * (GiB / 4), random.Next(2) == 0 ? "cpu" : "sim",
                    random.Next(3) * 1.5)).ToArray();
            var found = Place(random.Next(2) == 0 ? Llama : Mixture, nodes);

            var what =
                $"seed {seed}, round {round}: {found.Missing} "
                + $"{string.Join(", ", found.Shards?.Select(shard => $"{shard.Node}/{shard.Device} {shard.ReservedBytes}") ?? [])}";
            Assert.True(found.Shards is null != found.Missing is null, what);
            foreach (var device in found.Shards?.GroupBy(shard => (shard.Node, shard.Device)) ?? [])
                Assert.True(
                    device.Sum(
                    shard => shard.ReservedBytes) <= nodes.First(node => node.Name == device.Key.Node).Report!.Facts.Devices[0].MemoryBytes,
                        what);
            if (found.Shards is { } shards)
                Assert.True(shards.Select(shard => shard.Shard).SequenceEqual(ReplicaShape.ShardsOf(found.Shape!.Layout)), what);
        }
    }

    private static NodeRecord Node(string name, int devices, long bytes, string kind = "sim", double speed = 0)
    {
        var report = Plans.Report(name, devices: devices, checksum: Sum);
        return Plans.Node(report with
        {
            Facts = report.Facts
                with
            {
                Devices = [
                    .. Enumerable.Range(0, devices)
                    .Select(index => DeviceId.Parse(kind == "cpu" && devices == 1 ? kind : $"{kind}:{index}"))
                    .Select(id => new DeviceFacts(id, bytes, speed))]
            },
        });
    }

    private static ModelSize Size(ModelConfig config, Dictionary<string, string>? engine = null, ParallelismSpec? parallelism = null) =>
        new(
        new ModelSpec("m", "folder", 1, null, 1, Engine: engine, Parallelism: parallelism),
        new ModelFiles("folder", Sum, new ModelProfile(config, 2).WeightsBytes, 131072, 8192, null, new ModelProfile(config, 2).ToJson()));

    private PlacementResult Place(ModelConfig config, params NodeRecord[] nodes) => Place(Size(config), null, nodes);

    private PlacementResult Asked(ModelConfig config, ParallelismSpec parallelism, params NodeRecord[] nodes)
    {
        var size = Size(config, parallelism: parallelism);
        return Place(size, ReplicaShape.Of(size, ReplicaShape.LayoutOf(size.Spec)!), nodes);
    }

    private PlacementResult Place(ModelSize size, ReplicaShape? shape, params NodeRecord[] nodes) => Placer.Place(
        new PlacementRequest("m/r0", size.Spec.Source, size.Files?.Checksum, shape, size, null, new Dictionary<string, int>(),
        new HashSet<string>()), nodes, _ledger);
}
