using Grid.Abstractions.Configuration;
using Grid.Abstractions.Replicas;
using Grid.Primitives.Options;
using Grid.Silo.Shards;

namespace Grid.Silo.Tests.Shards;

public sealed class RankLoaderTests
{
    [Theory]
    [InlineData("20,12", null, "20,12")]
    [InlineData("20,12", "16,16", "20,12")]
    [InlineData(null, "10,22", "10,22")]
    [InlineData(null, null, null)]
    public void WithLayout_LayersOfThePlan_GoBeforeThoseOfTheSpecification(string? planned, string? given, string? expected)
    {
        var plan = ShardHostBed.Plan(1, layout: new ReplicaLayout(Pipeline: 2)) with { PipelineLayers = Read(planned) };
        plan = plan with { Spec = plan.Spec with { Parallelism = new ParallelismSpec(false, Pipeline: 2, PipelineLayers: Read(given)) } };

        var options = RankLoader.WithLayout(new EngineOptions(), plan);

        Assert.Equal((1, 2), (options.TensorParallelSize, options.PipelineParallelSize));
        Assert.Equal(Read(expected), options.PipelineLayerPartition);
    }

    [Fact]
    public void WithLayout_ChosenForAuto_IsThePlans()
    {
        var plan = ShardHostBed.Plan(1, layout: new ReplicaLayout(Tensor: 2, Data: 2, Expert: 4));

        var options = RankLoader.WithLayout(new EngineOptions(), plan with { Spec = plan.Spec with { Parallelism = null } });

        Assert.Equal((2, 1, 4), (options.TensorParallelSize, options.PipelineParallelSize, options.NumExpertShards));
    }

    [Theory]
    [InlineData(false, 0, false)]
    [InlineData(true, 0, true)]
    [InlineData(false, 2, true)]
    public void WithLayout_BalanceWithoutExpertShards_IsDroppedOnlyWhereThePlannerChose(bool named, int experts, bool kept)
    {
        var plan = ShardHostBed.Plan(1, layout: new ReplicaLayout(Expert: experts));
        plan = plan with { Spec = plan.Spec with { Parallelism = named ? new ParallelismSpec(false) : null } };

        var options =
            RankLoader.WithLayout(new EngineOptions { EnableEplb = true, Eplb = new EplbOptions { NumRedundantExperts = 1 } }, plan);

        Assert.Equal((kept, kept ? 1 : 0), (options.EnableEplb, options.Eplb.NumRedundantExperts));
    }

    [Theory]
    [InlineData("cuda:2,cuda:0", "cuda:2,cuda:0")]
    [InlineData("cuda:3", "cuda:3")]
    [InlineData("cpu,cpu", "cpu")]
    [InlineData("sim:1,sim:0", "sim:1")]
    public void DevicesOf_ARank_AreThoseOfItsShards(string devices, string expected)
    {
        var names = devices.Split(',');
        var plan = ShardHostBed.Plan(1, layout: new ReplicaLayout(Tensor: names.Length));

        Assert.Equal(expected,
            RankLoader.DevicesOf(
                plan with { Shards = [.. plan.Shards.Select((shard, index) => shard with { Device = DeviceId.Parse(names[index]) })] },
                0).ToString());
    }

    private static int[]? Read(string? layers) => layers?.Split(',').Select(int.Parse).ToArray();
}
