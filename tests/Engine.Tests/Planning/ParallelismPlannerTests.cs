using Grid.Engine.Configuration;
using Grid.Engine.Planning;
using Grid.Primitives.Ids;
using Grid.Primitives.Options;

namespace Grid.Engine.Tests.Planning;

public sealed class ParallelismPlannerTests
{
    private const long GiB = 1L << 30;

    private static readonly EngineOptions Options = new() { Devices = DeviceId.Sim(0) };

    [Theory]
    [InlineData(1, 1, 80, "single", 1, 1)]
    [InlineData(1, 8, 80, "single", 1, 1)]
    [InlineData(1, 4, 12, "tensor", 4, 1)]
    [InlineData(1, 2, 12, "tensor", 2, 1)]
    [InlineData(2, 2, 6, "tensor_pipeline", 2, 2)]
    [InlineData(3, 1, 8, "pipeline", 1, 3)]
    [InlineData(4, 1, 8, "pipeline", 1, 3)]
    [InlineData(1, 3, 12, "pipeline", 1, 3)]
    [InlineData(1, 5, 6, "pipeline", 1, 5)]
    public void Plan_DenseModel_FollowsTheGuideline(int nodes, int perNode, long gigabytes, string strategy, int tensor, int pipeline)
    {
        var plan = Plan(Shapes.Llama8B, DeviceInventory.Uniform(nodes, perNode, gigabytes * GiB));

        Assert.True(plan.Fits, string.Join(' ', plan.Reasons));
        Assert.Equal(strategy, plan.Layout.Strategy);
        Assert.Equal(new ParallelLayout(tensor, pipeline), plan.Layout);
        Assert.Equal(32, plan.PipelineLayers.Sum());
    }

    [Fact]
    public void Plan_TwoNodesOfEight_TakesTensorWithinAndPipelineOver()
    {
        var plan = Plan(Shapes.Llama405B, DeviceInventory.Uniform(2, 8, 80 * GiB));

        Assert.Equal(new ParallelLayout(8, 2), plan.Layout);
        Assert.Equal([63, 63], plan.PipelineLayers);
        Assert.All(plan.Shards,
            shard => Assert.Equal(shard.Shard.Stage == 0 ? "node0" : "node1", shard.Device.Node));
        Assert.Contains(plan.Reasons, reason => reason.StartsWith("One node is too small", StringComparison.Ordinal));
    }

    [Fact]
    public void Plan_WithoutNVLink_TakesPipelineWithTensorOne()
    {
        var plan = Plan(Shapes.Llama8B, DeviceInventory.Uniform(1, 4, 12 * GiB, hasNVLink: false));

        Assert.Equal(new ParallelLayout(1, 4), plan.Layout);
        Assert.Contains(plan.Reasons, reason => reason.Contains("NVLink", StringComparison.Ordinal));
    }

    [Fact]
    public void Plan_HeadsThatDoNotDivide_SaysTheRule()
    {
        var plan = Plan(Shapes.Llama8B, DeviceInventory.Uniform(1, 3, 12 * GiB));

        Assert.Contains(plan.Reasons,
            reason =>
            reason.Contains("Total number of attention heads (32) must be divisible by tensor parallel size (3).",
                StringComparison.Ordinal));
    }

    [Fact]
    public void Plan_MixtureOfExperts_TakesAttentionRanksAndExpertShards()
    {
        var plan = Plan(Shapes.Mixtral, DeviceInventory.Uniform(1, 8, 24 * GiB));

        Assert.Equal(new ParallelLayout(1, 1, 8, 8), plan.Layout);
        Assert.Equal("moe", plan.Layout.Strategy);
        var experts = 32L * 3 * 4096 * 14336 * 2;
        var attention = Plan(Shapes.Mixtral, DeviceInventory.Uniform(1, 1, 200 * GiB)).WeightsBytesPerDevice - 8 * experts;
        Assert.All(plan.Shards, shard => Assert.Equal(attention + experts, shard.WeightsBytes));
    }

    [Fact]
    public void Plan_DevicesOfDifferentMemory_GivesLayersByMemory()
    {
        var inventory = new DeviceInventory(
            [new InventoryNode("a", [new("a", DeviceId.Sim(0), 12 * GiB)]), new InventoryNode("b", [new("b", DeviceId.Sim(0), 5 * GiB)]),
            new InventoryNode("c", [new("c", DeviceId.Sim(0), 5 * GiB)])]);

        var plan = Plan(Shapes.Llama8B, inventory);

        Assert.True(plan.Fits, string.Join(' ', plan.Reasons));
        Assert.Equal(new ParallelLayout(1, 3), plan.Layout);
        Assert.True(plan.PipelineLayers[0] > plan.PipelineLayers[1] + 4, string.Join(',', plan.PipelineLayers));
        Assert.All(plan.Shards, shard => Assert.True(shard.NumBlocks * 16 >= 8192));
    }

    [Fact]
    public void Plan_TheNumbers_AreVLLMsArithmetic()
    {
        var plan = Plan(Shapes.Llama8B, DeviceInventory.Uniform(1, 1, 80 * GiB));

        var weights = 8_030_261_248L * 2;
        var block = 2L * 16 * 8 * 128 * 2 * 32;
        var blocks = ((long)(0.92 * (80 * GiB)) - weights) / block;
        Assert.Equal(weights, plan.WeightsBytesPerDevice);
        Assert.Equal(blocks * 16, plan.KVCacheTokens);
        Assert.Equal(blocks / 512.0, plan.MaxConcurrency, 6);
        Assert.Equal(weights + 512 * block, plan.NeededBytes);
    }

    [Theory]
    [InlineData(1, 17)]
    [InlineData(1, 10)]
    [InlineData(2, 8)]
    [InlineData(1, 1)]
    public void Plan_TooSmall_SaysWhatIsNeededAndTheLongestThatFits(int devices, long gigabytes)
    {
        var inventory = DeviceInventory.Uniform(1, devices, gigabytes * GiB);

        var plan = Plan(Shapes.Llama8B, inventory);

        Assert.False(plan.Fits);
        Assert.True(plan.NeededBytes > plan.AvailableBytes);
        Assert.Contains(plan.Reasons, reason => reason.StartsWith("It does not fit", StringComparison.Ordinal));
        if (plan.LongestModelLen == 0) return;
        Assert.True(ParallelismPlanner.Plan(Profile(Shapes.Llama8B), inventory, Options with { MaxModelLen = plan.LongestModelLen }).Fits);
        Assert.False(
            ParallelismPlanner.Plan(Profile(Shapes.Llama8B), inventory, Options with { MaxModelLen = plan.LongestModelLen + 1 }).Fits);
    }

    [Fact]
    public void Plan_LongestThatFits_Fits()
    {
        var plan =
            ParallelismPlanner.Plan(Profile(Shapes.Llama8B), DeviceInventory.Uniform(1, 1, 17 * GiB), Options with { MaxModelLen = -1 });

        Assert.True(plan.Fits);
        Assert.Equal(plan.LongestModelLen, plan.MaxModelLen);
        Assert.InRange(plan.MaxModelLen, 16, 8191);
    }

    [Fact]
    public void PlanAsAsked_TensorOverNodes_IsAcceptedWithAWarning()
    {
        var plan = AsAsked(Shapes.Llama405B, DeviceInventory.Uniform(2, 8, 80 * GiB), Options with { TensorParallelSize = 16 });

        Assert.True(plan.Fits);
        Assert.Equal(16, plan.Layout.Tensor);
        Assert.Contains(plan.Reasons,
            reason =>
            reason.StartsWith("Warning: tensor parallel size 16 spans 2 nodes", StringComparison.Ordinal)
                && reason.Contains("the network between node0 and node1", StringComparison.Ordinal));
    }

    [Fact]
    public void PlanAsAsked_MoreThanThereIs_DoesNotFit()
    {
        var plan = AsAsked(Shapes.Llama8B, DeviceInventory.Uniform(1, 4, 80 * GiB), Options with { TensorParallelSize = 8 });

        Assert.False(plan.Fits);
        Assert.Contains(plan.Reasons, reason => reason.Contains("needs 8 devices", StringComparison.Ordinal));
    }

    [Fact]
    public void PlanAsAsked_AListOfLayers_IsKept()
    {
        var options = Options with { PipelineParallelSize = 2, PipelineLayerPartition = [20, 12] };

        Assert.Equal([20, 12], AsAsked(Shapes.Llama8B, DeviceInventory.Uniform(1, 2, 80 * GiB), options).PipelineLayers);
    }

    [Fact]
    public void PlanAsAsked_ALayoutThatCannotBe_IsTheLoadersFault()
    {
        var fault = Assert.Throws<ModelLoadException>(
            () => AsAsked(Shapes.Llama8B, DeviceInventory.Uniform(1, 8, 80 * GiB), Options with { TensorParallelSize = 3 }));

        Assert.Equal(ModelLoadFault.Layout, fault.Kind);
        Assert.StartsWith("Total number of attention heads (32) must be divisible by tensor parallel size (3).", fault.Message);
    }

    [Theory]
    [InlineData(1, 80)]
    [InlineData(2, 12)]
    [InlineData(4, 8)]
    public void PlanNode_FreeMemory_TakesTheFewestDevices(int tensor, long gigabytes)
    {
        var plan = ParallelismPlanner.PlanNode(Profile(Shapes.Llama8B), [.. Enumerable.Repeat(gigabytes * GiB, 8)], Options);

        Assert.True(plan.Fits);
        Assert.Equal(tensor, plan.Layout.WorldSize);
    }

    [Fact]
    public void Plan_WeightsOfAllDevices_AreConserved()
    {
        var seed = Random.Shared.Next();
        var random = new Random(seed);
        for (var round = 0; round < 200; round++)
        {
            var config = random.Next(2) == 0 ? Shapes.Llama8B : Shapes.Llama70B;
            var (tensor, pipeline) = (1 << random.Next(4), random.Next(1, 9));
            var plan = AsAsked(config, DeviceInventory.Uniform(pipeline, tensor, 200 * GiB),
                Options with { TensorParallelSize = tensor, PipelineParallelSize = pipeline });
            var whole = WeightCounts.Total(config) * 2;
            var norms = (2L * config.NumHiddenLayers + 1) * config.HiddenSize * 2 * (tensor - 1);

            Assert.True(plan.Shards.Sum(shard => shard.WeightsBytes) == whole + norms, $"seed {seed}, round {round}, {plan.Layout}");
            Assert.True(plan.PipelineLayers.Sum() == config.NumHiddenLayers, $"seed {seed}, round {round}");
        }
    }

    [Fact]
    public void Plan_AnyModelOnAnyDevices_KeepsItsPromises()
    {
        var seed = Random.Shared.Next();
        var random = new Random(seed);
        for (var round = 0; round < 300; round++)
        {
            var config = new[] { Shapes.Llama8B, Shapes.Llama70B, Shapes.Mixtral,
                Shapes.Llama8B
                with { NumHiddenLayers = random.Next(1, 9), NumAttentionHeads = 24, NumKeyValueHeads = 3, HeadDim = 64 } }[random.Next(4)];
            var nodes = Enumerable.Range(0, random.Next(1, 4))
                .Select(node => InventoryNode.Uniform(node, random.Next(1, 9), random.Next(1, 90) * GiB)).ToArray();
            var plan = Plan(config, new DeviceInventory(nodes, random.Next(2) == 0));

            var what = $"seed {seed}, round {round}, {plan.Layout}: {string.Join(' ', plan.Reasons)}";
            Assert.True(plan.Fits == plan.NeededBytes <= plan.AvailableBytes, what);
            Assert.True(plan.Fits == plan.KVCacheTokens >= plan.MaxModelLen, what);
            Assert.True(plan.KVCacheTokens == plan.Shards.Min(shard => shard.NumBlocks) * 16, what);
            Assert.True(plan.Shards.Count == plan.Layout.WorldSize, what);
            Assert.True(plan.Shards.Select(shard => shard.Device).Distinct().Count() == plan.Shards.Count, what);
            Assert.True(plan.PipelineLayers.Sum() == config.NumHiddenLayers && plan.PipelineLayers.All(layers => layers > 0), what);
            Assert.True(plan.Shards.All(shard => shard.NumBlocks == 0 || shard.WeightsBytes < shard.AvailableBytes), what);
        }
    }

    private static ModelProfile Profile(ModelConfig config) => new(config, 2);

    private static ParallelPlan Plan(ModelConfig config, DeviceInventory inventory) =>
        ParallelismPlanner.Plan(Profile(config), inventory, Options);

    private static ParallelPlan AsAsked(ModelConfig config, DeviceInventory inventory, EngineOptions options) =>
        ParallelismPlanner.PlanAsAsked(Profile(config), inventory, options);
}
