using System.Text.Json;
using Grid.Engine.Configuration;
using Grid.Engine.Inputs;
using Grid.TestUtilities;

namespace Grid.Engine.Tests.Inputs;

public sealed class GenerationConfigReaderTests
{
    [Fact]
    public void ReadFolder_Guide_HasItsDefaults()
    {
        var config = GenerationConfigReader.ReadFolder(Fixtures.Model("guide"));
        Assert.Equal((0.0, 256), (config.Temperature, config.MaxNewTokens));
        Assert.Equal([2, 0], config.EosTokenIds);
        Assert.Equal("temperature=0, max_new_tokens=256", config.Describe());
    }

    [Fact]
    public void ReadFolder_NoFile_SaysNothing()
    {
        var config = GenerationConfigReader.ReadFolder(Fixtures.Own("hf/opt-bin"));
        Assert.Same(GenerationConfig.Empty, config);
        Assert.Equal("", config.Describe());
        Assert.Equal(1.0, config.ToSamplingParams().Temperature);
    }

    [Fact]
    public void Read_EveryKey_BecomesADefault()
    {
        var config = Read(
            """
            {"temperature":0.6,"top_p":0.9,"top_k":40,"min_p":0.05,"repetition_penalty":1.1,"max_new_tokens":7,
             "eos_token_id":5,"do_sample":true}
            """);
        var defaults = config.ToSamplingParams();
        Assert.Equal((0.6, 0.9, 40, 0.05, 1.1),
            (defaults.Temperature, defaults.TopP, defaults.TopK, defaults.MinP, defaults.RepetitionPenalty));
        Assert.Equal(7, config.MaxNewTokens);
        Assert.Equal([5], config.EosTokenIds);
    }

    [Theory]
    [InlineData("""{"do_sample":false}""", 0.0)]
    [InlineData("""{"do_sample":false,"temperature":null}""", 0.0)]
    [InlineData("""{"do_sample":false,"temperature":0.7}""", 0.7)]
    [InlineData("""{"do_sample":true}""", null)]
    [InlineData("{}", null)]
    public void Read_DoSample_DecidesOnlyWithoutATemperature(string json, double? expected) =>
        Assert.Equal(expected, Read(json).Temperature);

    [Theory]
    [InlineData("""{"temperature":-1}""", "temperature must be at least 0; got -1")]
    [InlineData("""{"top_p":0}""", "top_p must be above 0 and at most 1; got 0")]
    [InlineData("""{"top_k":-2}""", "top_k")]
    [InlineData("""{"min_p":2}""", "min_p")]
    [InlineData("""{"repetition_penalty":0}""", "repetition_penalty")]
    [InlineData("""{"max_new_tokens":0}""", "max_new_tokens")]
    [InlineData("""{"eos_token_id":"x"}""", "eos_token_id must be a list of whole numbers; got \"x\"")]
    [InlineData("""{"do_sample":1}""", "do_sample must be true or false; got 1")]
    public void Read_ValueOutsideItsRange_NamesKeyRuleAndValue(string json, string expected) =>
        Assert.Contains(expected, Assert.Throws<ModelLoadException>(() => Read(json)).Message, StringComparison.Ordinal);

    private static GenerationConfig Read(string json)
    {
        using var document = JsonDocument.Parse(json);
        return GenerationConfigReader.Read("generation_config.json", document.RootElement);
    }
}
