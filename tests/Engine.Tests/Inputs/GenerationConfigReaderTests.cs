using Grid.Engine.Inputs;
using Grid.Engine.Tests.Weights;
using Grid.TestUtilities;

namespace Grid.Engine.Tests.Inputs;

public sealed class GenerationConfigReaderTests
{
    [Fact]
    public void Read_EveryKey_BecomesADefault()
    {
        var defaults = Read("""{"temperature":0.6,"top_p":0.9,"top_k":20,"min_p":0.05,"repetition_penalty":1.1,"max_new_tokens":64,"eos_token_id":[2,0],"do_sample":true}""");
        var sampling = defaults.ToSamplingParams();
        Assert.Equal((0.6, 0.9, 20, 0.05, 1.1), (sampling.Temperature, sampling.TopP, sampling.TopK, sampling.MinP, sampling.RepetitionPenalty));
        Assert.Null(sampling.MaxTokens);
        Assert.Equal(64, defaults.MaxNewTokens);
        Assert.Equal([2, 0], defaults.EosTokenIds!);
        Assert.Equal(
            "Default sampling parameters from generation_config.json: temperature=0.6, top_p=0.9, top_k=20, min_p=0.05, repetition_penalty=1.1, max_new_tokens (chat)=64 (--generation-config vllm turns them off)",
            defaults.Describe());
    }

    [Theory]
    [InlineData("""{"do_sample":false}""", 0.0)]
    [InlineData("""{"do_sample":false,"temperature":0.7}""", 0.7)]
    [InlineData("""{"do_sample":true}""", 1.0)]
    [InlineData("{}", 1.0)]
    public void Read_DoSampleFalse_IsGreedyWithoutATemperature(string json, double expected) =>
        Assert.Equal(expected, Read(json).ToSamplingParams().Temperature);

    [Fact]
    public void Read_OneEosId_IsAListOfOne() => Assert.Equal([7], Read("""{"eos_token_id":7}""").EosTokenIds!);

    [Fact]
    public void ReadFolder_WithoutTheFile_IsNeutral()
    {
        using var folder = new TemporaryFolder();
        Assert.Null(GenerationConfigReader.ReadFolder(folder.Path).Describe());
    }

    [Theory]
    [InlineData("""{"temperature":-1}""", "temperature")]
    [InlineData("""{"top_p":"high"}""", "top_p")]
    [InlineData("""{"max_new_tokens":0}""", "max_new_tokens")]
    [InlineData("""{"eos_token_id":"x"}""", "eos_token_id")]
    [InlineData("[]", "object")]
    [InlineData("{", "JSON")]
    public void Read_ABrokenFile_NamesFileAndKey(string json, string named)
    {
        var error = Assert.Throws<ModelLoadException>(() => Read(json));
        Assert.Contains("generation_config.json", error.Message);
        Assert.Contains(named, error.Message);
    }

    [Fact]
    public void ReadFolder_OfTheEmbeddedModel_IsGreedy()
    {
        var defaults = GenerationConfigReader.ReadFolder(Fixtures.Model("guide"));
        Assert.Equal(0, defaults.ToSamplingParams().Temperature);
        Assert.Equal(256, defaults.MaxNewTokens);
    }

    private static DefaultSamplingParams Read(string json)
    {
        using var folder = new TemporaryFolder();
        return GenerationConfigReader.Read(folder.Write("generation_config.json", json));
    }
}
