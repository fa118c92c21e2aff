using Grid.Engine.Configuration;
using Grid.Engine.Models;
using Grid.Engine.Planning;
using Grid.Primitives.Options;
using Grid.TestUtilities;

namespace Grid.Engine.Tests.Planning;

public sealed class WeightCountsTests
{
    public static TheoryData<string> Checkpoints =>
        [.. Directory.GetDirectories(Fixtures.Own("hf")).Select(folder => Path.GetFileName(folder))];

    public static TheoryData<string, long> Published => new()
    {
        { nameof(Shapes.Llama8B), 8_030_261_248 }, { nameof(Shapes.Llama70B), 70_553_706_496 },
            { nameof(Shapes.Llama405B), 405_853_388_800 }, { nameof(Shapes.Mixtral), 46_702_792_704 },
    };

    [Theory]
    [MemberData(nameof(Checkpoints))]
    public void Total_OfACheckpoint_IsWhatItsFilesHold(string fixture)
    {
        var profile = ModelProfile.Read(new EngineOptions { Model = Fixtures.Own("hf/" + fixture) });

        Assert.Null(profile.Note);
        Assert.Equal(profile.StoredElements, WeightCounts.Total(profile.Config));
    }

    [Theory]
    [MemberData(nameof(Published))]
    public void Total_OfAShape_IsThePublishedNumber(string shape, long expected) =>
        Assert.Equal(expected, WeightCounts.Total((ModelConfig)typeof(Shapes).GetField(shape)!.GetValue(null)!));

    [Fact]
    public void OnShard_EachDivision_DividesWhatItDivides()
    {
        var config = Shapes.Llama70B with { VocabSize = 321 };

        Assert.Equal(100, new WeightPart(100, WeightDivision.Replicated).OnShard(config, 4, false));
        Assert.Equal(25, new WeightPart(100, WeightDivision.Tensor).OnShard(config, 4, false));
        Assert.Equal(200, new WeightPart(800, WeightDivision.KeyValueHeads).OnShard(config, 4, false));
        Assert.Equal(100, new WeightPart(800, WeightDivision.KeyValueHeads).OnShard(config, 16, false));
        Assert.Equal(810, new WeightPart(3210, WeightDivision.Vocabulary).OnShard(config, 4, false));
        Assert.Equal(25, new WeightPart(100, WeightDivision.Experts).OnShard(config, 4, false));
        Assert.Equal(0, new WeightPart(100, WeightDivision.Experts).OnShard(config, 4, true));
    }
}
