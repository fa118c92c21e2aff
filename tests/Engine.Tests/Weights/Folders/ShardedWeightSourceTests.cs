using Grid.Engine.Configuration;
using Grid.Engine.Tests.Weights.Safetensors;
using Grid.Engine.Weights.Folders;
using Grid.TestUtilities;

namespace Grid.Engine.Tests.Weights.Folders;

public sealed class ShardedWeightSourceTests
{
    private const string Index = "model.safetensors.index.json";

    [Fact]
    public void OpenFolder_SevenFiles_FindsEveryTensor()
    {
        using var source = WeightSources.OpenFolder(Fixtures.Own("hf/mixtral"), "model.");
        Assert.Equal(3 + 3 * (4 + 2 + 1 + 12), source.Names.Count);
        Assert.All(source.Names, name => Assert.NotNull(source.Find(name)));
        Assert.Equal(source.Names.Sum(name => source.Find(name)!.Rows * source.Find(name)!.RowLength * sizeof(float)), source.TotalBytes);
        Assert.Equal([4L, 64L], source.Require("model.layers.2.block_sparse_moe.gate.weight", 4, 64).Shape);
    }

    [Theory]
    [InlineData("""{"weight_map":{"a":"absent.safetensors"}}""", "names absent.safetensors, which is not there")]
    [InlineData("""{"weight_map":{"b":"one.safetensors"}}""", "puts tensor b in one.safetensors, which does not have it")]
    [InlineData("""{"weight_map":{"a":"../one.safetensors"}}""", "must name files of its own folder; got '../one.safetensors'")]
    [InlineData("""{"weight_map":{"a":7}}""", "weight_map of tensor a must be a file name; got 7")]
    [InlineData("""{"weight_map":{"a":"one.safetensors","a":"one.safetensors"}}""", "not valid JSON")]
    [InlineData("""{"metadata":{}}""", "weight_map must be an object")]
    [InlineData("""[]""", "must be a JSON object")]
    [InlineData("""{"weight_map""", "not valid JSON")]
    public void OpenFolder_BrokenIndex_NamesTheFault(string index, string expected)
    {
        using var folder = new TemporaryFolder();
        folder.Write("one.safetensors",
            SafetensorsFileTests.Make("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", new byte[8]));
        var path = folder.Write(Index, index);
        var error = Assert.Throws<ModelLoadException>(() => WeightSources.OpenFolder(folder.Path, "model."));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.Contains(path, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void OpenFolder_NoWeights_SaysWhatItLookedFor()
    {
        using var folder = new TemporaryFolder();
        var error = Assert.Throws<ModelLoadException>(() => WeightSources.OpenFolder(folder.Path, "model."));
        Assert.Contains("none of model.safetensors, model.safetensors.index.json, pytorch_model.bin, pytorch_model.bin.index.json is there",
            error.Message, StringComparison.Ordinal);
        Assert.Equal(ModelLoadFault.NotFound, error.Kind);
    }

    [Theory]
    [InlineData("transformer.", "h.0.ln_1.weight", "transformer.h.0.ln_1.weight")]
    [InlineData("transformer.", "transformer.h.0.ln_1.weight", "transformer.h.0.ln_1.weight")]
    [InlineData("model.", "decoder.final_layer_norm.bias", "model.decoder.final_layer_norm.bias")]
    [InlineData("model.", "lm_head.weight", "lm_head.weight")]
    public void Find_FileWithAndWithoutPrefix_AnswersToTheFullName(string prefix, string inFile, string full)
    {
        using var folder = new TemporaryFolder();
        folder.Write("model.safetensors",
            SafetensorsFileTests.Make($$$"""{"{{{inFile}}}":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", new byte[8]));
        using var source = WeightSources.OpenFolder(folder.Path, prefix);
        Assert.Equal([full], source.Names);
        Assert.Equal([2L], source.Require(full, 2).Shape);
    }
}
