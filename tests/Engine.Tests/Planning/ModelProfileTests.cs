using Grid.Engine.Configuration;
using Grid.Engine.Planning;
using Grid.Primitives.Ids;
using Grid.Primitives.Options;
using Grid.TestUtilities;

namespace Grid.Engine.Tests.Planning;

public sealed class ModelProfileTests
{
    private const long MiB = 1L << 20;

    public static TheoryData<string> Checkpoints =>
        [.. Directory.GetDirectories(Fixtures.Own("hf")).Select(folder => Path.GetFileName(folder))];

    [Theory]
    [MemberData(nameof(Checkpoints))]
    public void FromJson_WhatToJsonWrote_PlansTheSame(string fixture)
    {
        var options = new EngineOptions { Model = Fixtures.Own("hf/" + fixture), Devices = DeviceId.Sim(0) };
        var profile = ModelProfile.Read(options);

        var again = ModelProfile.FromJson(profile.ToJson());

        Assert.Equal(profile.ToJson(), again.ToJson());
        var (expected, actual) = (ParallelismPlanner.PlanNode(profile, [MiB, MiB, MiB, MiB], options),
            ParallelismPlanner.PlanNode(again, [MiB, MiB, MiB, MiB], options));
        Assert.Equal(expected.Layout, actual.Layout);
        Assert.Equal(expected.Reasons, actual.Reasons);
    }

    [Theory]
    [InlineData("sim:0", "auto", 2)]
    [InlineData("sim:0", "float32", 4)]
    [InlineData("sim:0", "float16", 2)]
    [InlineData("cpu", "float16", 4)]
    public void Read_DType_SizesAnElement(string device, string dtype, int expected) =>
        Assert.Equal(expected,
        ModelProfile.Read(
            new EngineOptions
            {
                Model = Fixtures.Own("hf/llama-bf16"), Devices = DeviceId.Parse(device),
                DType = EngineChoices.DTypes.Parse(dtype)
            }).ElementBytes);

    [Fact]
    public void Read_AnIndexWithoutItsFiles_CountsFromTheConfigAndSaysSo()
    {
        var folder = Directory.CreateTempSubdirectory("grid-profile-").FullName;
        foreach (var file in new[] { "config.json", "model.safetensors.index.json" })
            File.Copy(Path.Combine(Fixtures.Own("hf/mixtral"), file), Path.Combine(folder, file));

        var profile = ModelProfile.Read(new EngineOptions { Model = folder });
        Directory.Delete(folder, recursive: true);

        Assert.Null(profile.StoredElements);
        Assert.Contains("is not there", profile.Note);
        Assert.Equal(ModelProfile.Read(new EngineOptions { Model = Fixtures.Own("hf/mixtral") }).WeightsBytes, profile.WeightsBytes);
    }

    [Fact]
    public void Read_TheSimulation_HasNoLayers() =>
        Assert.Equal(ModelLoadFault.Layout,
        Assert.Throws<ModelLoadException>(() => ModelProfile.Read(new EngineOptions { Model = "sim" })).Kind);
}
